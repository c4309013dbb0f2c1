import numpy as np
import pytest
from tiny_networks import write_detector, write_heatmaps

from triad.modalities.checks import InputError
from triad.modalities.clips import Source
from triad.modalities.extraction import StreamStore, Task, open_run, verify_stream
from triad.modalities.skeleton import PoseReader
from triad.modalities.skeleton.pose_estimation import PoseExtractor, PoseFiles, build_pose_estimator
from triad.modalities.skeleton.pose_estimation.pose_file import describe_poses
from triad.modalities.video import write_video

FRAMES = 40  # more than a chunk


@pytest.fixture
def extractor(tmp_path):
    detector = write_detector(tmp_path / "detector.onnx", [(10, 10, 40, 50, 0.9), (44, 5, 60, 30, 0.5)])
    weights = write_heatmaps(tmp_path / "pose.onnx")
    return PoseExtractor(build_pose_estimator("tiny", weights=weights, detector=detector))


@pytest.fixture
def tasks(tmp_path):
    """Return tasks of an intact video of odd size, a corrupt one, and one of a single frame."""
    rng = np.random.default_rng(0)
    tasks = []
    for name, num in (("intact", FRAMES), ("corrupt", 5), ("one", 1)):
        frames = rng.integers(0, 255, (num, 61, 47, 3), np.uint8)
        write_video(tmp_path / f"{name}.mp4", frames, fps=10)
        tasks.append(Task(name, tmp_path / f"{name}.mp4", num))
    tasks[1].video.write_bytes(b"corrupt" * 99)
    return tasks


def extract(extractor, tasks, root):
    with open_run(tasks, lambda: [extractor], root) as run:
        for _ in run:
            pass
    return run


def test_extracted_poses_are_read(extractor, tasks, tmp_path):
    run = extract(extractor, tasks, tmp_path)
    assert list(run.failures) == [("pose_tiny", "corrupt")]
    assert sorted(path.name for path in (tmp_path / "pose_tiny").glob("*.npz")) == ["intact.npz", "one.npz"]
    summary = describe_poses(tmp_path / "pose_tiny/intact.npz")
    assert (summary.num, summary.entry) == (FRAMES, {"size": [62, 48]})  # H.264 takes even sides
    assert summary.counts == {"nobody": 0, "filled": 0, "left_out": 0}
    assert summary.provenance == run.stores[0].provenance
    source = Source(tmp_path / "pose_tiny/intact.npz", FRAMES, fps=10.0, size_hw=(62, 48))
    clip = PoseReader(layout="coco17", frame_size=(62, 48)).read(source, np.arange(5) / 10, np.ones(5, bool))
    assert clip.keypoints.shape == (2, 5, 17, 2)
    assert clip.valid.all()
    assert run.seconds["pose"] > 0


def test_same_video_gives_same_bytes(extractor, tasks, tmp_path):
    extract(extractor, tasks, tmp_path / "a")
    extract(extractor, tasks[:1], tmp_path / "b")
    first, second = (tmp_path / f"{root}/pose_tiny/intact.npz" for root in "ab")
    assert first.read_bytes() == second.read_bytes()
    assert extract(extractor, tasks, tmp_path / "a").jobs == []


def test_video_without_persons_has_a_file(tasks, tmp_path):
    detector = write_detector(tmp_path / "d.onnx", [])
    weights = write_heatmaps(tmp_path / "p.onnx")
    extractor = PoseExtractor(build_pose_estimator("tiny", weights=weights, detector=detector))
    assert not extract(extractor, tasks[:1], tmp_path).failures
    path = tmp_path / "pose_tiny/intact.npz"
    assert describe_poses(path).counts["nobody"] == FRAMES
    source = Source(path, FRAMES, fps=10.0, size_hw=(62, 48))
    clip = PoseReader(layout="coco17", frame_size=(62, 48)).read(source, np.arange(3) / 10, np.ones(3, bool))
    assert clip.scores.shape == (1, 3, 17)
    assert not clip.scores.any()


def test_verification_finds_damaged_files(extractor, tasks, tmp_path):
    extract(extractor, tasks[:1], tmp_path)
    path = tmp_path / "pose_tiny/intact.npz"
    content = bytearray(path.read_bytes())
    content[400] ^= 255  # in the joints
    path.write_bytes(content)
    ((_, state),) = verify_stream(tasks[:1], StreamStore.to_read(PoseFiles("pose_tiny"), tmp_path))
    assert state.kind == "damaged"
    assert not path.exists()


def test_provenance_names_weights_and_settings(extractor):
    provenance = extractor.provenance
    assert (provenance["layout"], provenance["smoothing"]) == ("coco17", None)
    assert all(len(provenance[stage]["weights"]) == 64 for stage in ("pose", "detection"))
    assert provenance["tracking"]["settings"] == {"start": 0.3, "gap": 15, "alike": 0.1}
    smoothed = PoseExtractor(extractor.estimator, smooth=7).provenance["smoothing"]
    assert smoothed == {"method": "savitzky-golay", "window": 7, "order": 2}


def test_even_smoothing_window_is_refused(extractor):
    with pytest.raises(InputError, match="--smooth must be odd and 5 or more frames, got 4"):
        PoseExtractor(extractor.estimator, smooth=4)
