from numbered_frames import HEIGHT, WIDTH, numbered_frames

from triad.modalities.video import VideoInfo, count_packets, probe, write_video


def test_probe_and_count_by_hand(tmp_path):
    write_video(tmp_path / "a.mp4", numbered_frames(40), fps=15)
    assert probe(tmp_path / "a.mp4") == VideoInfo(40, 15.0, HEIGHT, WIDTH, None)
    assert count_packets(tmp_path / "a.mp4") == 40
