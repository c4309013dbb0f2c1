"""Colours by luma and chroma have the RGB values of ITU-R BT.601."""

from triad.fusion.datasets.minihome.colors import chroma, mix, shade, ycc_to_rgb


def test_ycc_to_rgb() -> None:
    assert ycc_to_rgb(100, (0.0, 0.0)) == (100, 100, 100)
    assert ycc_to_rgb(76.245, (-43.03, 127.5)) == (255, 0, 0)  # pure red
    assert ycc_to_rgb(250, (0.0, 50.0)) == (255, 214, 250)  # clipped


def test_chroma_angles() -> None:
    bluish = chroma(0, 10)
    reddish = chroma(90, 10)
    assert (round(bluish[0], 9), round(bluish[1], 9)) == (10, 0)
    assert (round(reddish[0], 9), round(reddish[1], 9)) == (0, 10)


def test_mix_and_shade() -> None:
    assert mix((0, 100, 200), (100, 100, 0), 0.25) == (25, 100, 150)
    assert shade((100, 200, 250), 1.2) == (120, 240, 255)
