import cv2
import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.flow import FlowFile
from triad.modalities.flow.importer import FlowImporter
from triad.modalities.stopwatch import Stopwatch


@pytest.fixture
def folder(tmp_path):
    """Two pairs of 6 × 8 pixels of video ``v``, all components at the end of the scale."""
    (tmp_path / "pairs/v").mkdir(parents=True)
    for number in (1, 2):
        for axis in "xy":
            cv2.imwrite(str(tmp_path / f"pairs/v/flow_{axis}_{number:05d}.png"), np.full((6, 8), 255, np.uint8))
    return tmp_path / "pairs"


def import_flow(folder, path, frames):
    importer = FlowImporter("tvl1", folder, {"v": path.with_suffix(".mp4")}, bound=15.0)
    with importer.open(path, provenance=importer.provenance, watch=Stopwatch()) as sink:
        sink.add(frames)
    return FlowFile(path)


def test_bound_scales_imported_flow(folder, tmp_path):
    file = import_flow(folder, tmp_path / "v.flow", np.zeros((3, 6, 8, 3), np.uint8))
    assert (file.num, file.clipped) == (2, 2 * 6 * 8 * 2)
    np.testing.assert_array_equal(file.read(np.arange(2)), 15.0)
    assert file.provenance["imported"] == {"from": "pairs of 8-bit pictures", "bound": 15.0, "lossy": True}


def test_number_of_pairs_must_fit_video(folder, tmp_path):
    with pytest.raises(InputError, match="hold 3 pairs, one less than the video has frames, got 2"):
        import_flow(folder, tmp_path / "v.flow", np.zeros((4, 6, 8, 3), np.uint8))
    assert not (tmp_path / "v.flow").exists()


def test_aspect_ratio_must_fit_video(folder, tmp_path):
    with pytest.raises(InputError, match=r"have the shape of the video's frames \(8 × 8\), got 6 × 8"):
        import_flow(folder, tmp_path / "v.flow", np.zeros((3, 8, 8, 3), np.uint8))


def test_invalid_options_are_refused(folder, tmp_path):
    with pytest.raises(InputError, match=r"name of imported flow must be letters, .* got 'a/b'"):
        FlowImporter("a/b", folder, {"v": tmp_path / "v.mp4"})
    with pytest.raises(InputError, match="bound of imported flow must be pixels above 0, to 1023, got 0"):
        FlowImporter("a", folder, {"v": tmp_path / "v.mp4"}, bound=0)
