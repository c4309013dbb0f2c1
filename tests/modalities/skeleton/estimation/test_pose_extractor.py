import numpy as np
import pytest
from people import people
from tiny_networks import write_detector, write_heatmaps

from modalities.checks import InputError
from modalities.extraction import StreamStore, Task, open_run, verify_stream
from modalities.skeleton.pose_estimation import build_pose_estimator
from modalities.skeleton.pose_estimation.assembling import assemble
from modalities.skeleton.pose_estimation.extractor import PoseExtractor, PoseFiles
from modalities.skeleton.pose_estimation.interfaces import TrackedPoses
from modalities.skeleton.pose_estimation.pose_file import describe_poses, verify_poses, write_poses
from modalities.skeleton.reader import PoseReader
from modalities.source import Source
from modalities.video import write_video

FRAMES = 40  # more than a chunk


@pytest.fixture
def extractor(tmp_path):
    detector = write_detector(tmp_path / "detector.onnx", [(10, 10, 40, 50, 0.9), (44, 5, 60, 30, 0.5)])
    weights = write_heatmaps(tmp_path / "pose.onnx")
    return PoseExtractor(build_pose_estimator("tiny", weights=weights, detector=detector))


@pytest.fixture
def tasks(tmp_path):
    """A sound video of odd size, one that is corrupt, and one of a single frame."""
    rng = np.random.default_rng(0)
    made = []
    for name, num in (("sound", FRAMES), ("corrupt", 5), ("one", 1)):
        frames = rng.integers(0, 255, (num, 61, 47, 3), np.uint8)
        write_video(tmp_path / f"{name}.mp4", frames, fps=10)
        made.append(Task(name, tmp_path / f"{name}.mp4", num))
    made[1].video.write_bytes(b"corrupt" * 99)
    return made


def extract(extractor, tasks, root):
    with open_run(tasks, lambda: [extractor], root) as run:
        for _ in run:
            pass
    return run


def test_poses_of_videos_that_the_reader_reads(extractor, tasks, tmp_path):
    run = extract(extractor, tasks, tmp_path)
    assert list(run.failures) == [("pose_tiny", "corrupt")]
    assert sorted(path.name for path in (tmp_path / "pose_tiny").glob("*.npz")) == ["one.npz", "sound.npz"]
    held = describe_poses(tmp_path / "pose_tiny/sound.npz")
    assert (held.num, held.entry) == (FRAMES, {"size": [62, 48]})  # H.264 takes even sides
    assert held.counts == {"nobody": 0, "filled": 0, "left_out": 0}
    assert held.provenance == run.stores[0].provenance
    source = Source(tmp_path / "pose_tiny/sound.npz", FRAMES, fps=10.0, size_hw=(62, 48))
    clip = PoseReader(layout="coco17", frame_size=(62, 48)).read(source, np.arange(5) / 10, np.ones(5, bool))
    assert clip.keypoints.shape == (2, 5, 17, 2)
    assert clip.valid.all()
    assert run.seconds["pose"] > 0


def test_the_same_video_gives_the_same_bytes_and_what_is_finished_is_kept(extractor, tasks, tmp_path):
    extract(extractor, tasks, tmp_path / "a")
    extract(extractor, tasks[:1], tmp_path / "b")
    first, second = (tmp_path / f"{root}/pose_tiny/sound.npz" for root in "ab")
    assert first.read_bytes() == second.read_bytes()
    assert extract(extractor, tasks, tmp_path / "a").jobs == []


def test_a_video_without_a_person_has_a_file_that_says_so(tasks, tmp_path):
    detector, weights = write_detector(tmp_path / "d.onnx", []), write_heatmaps(tmp_path / "p.onnx")
    extractor = PoseExtractor(build_pose_estimator("tiny", weights=weights, detector=detector))
    assert not extract(extractor, tasks[:1], tmp_path).failures
    path = tmp_path / "pose_tiny/sound.npz"
    assert describe_poses(path).counts["nobody"] == FRAMES
    source = Source(path, FRAMES, fps=10.0, size_hw=(62, 48))
    clip = PoseReader(layout="coco17", frame_size=(62, 48)).read(source, np.arange(3) / 10, np.ones(3, bool))
    assert clip.scores.shape == (1, 3, 17)
    assert not clip.scores.any()


def sound(path):
    try:
        verify_poses(path)
    except InputError:
        return False
    return True


def test_whatever_byte_changes_the_arrays_stay_or_the_file_is_refused(tmp_path):
    path, rng = tmp_path / "a.npz", np.random.default_rng(0)
    seen = [TrackedPoses(people((0, 0, 9, 20, 0.9)), np.array([0])) for _ in range(4)]
    write_poses(path, assemble(seen, layout="coco17"), size_hw=(30, 40), provenance={"a": 1})
    verify_poses(path)
    whole = path.read_bytes()
    before = dict(np.load(path))
    refused = 0
    for place in rng.integers(0, len(whole), 150):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << int(rng.integers(8))]) + whole[place + 1 :])
        if sound(path):
            with np.load(path) as after:
                assert all(np.array_equal(after[name], array) for name, array in before.items())
        else:
            refused += 1
    assert refused > 100
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="must be a readable pose file"):
        describe_poses(path)


def test_verification_finds_a_damaged_file(extractor, tasks, tmp_path):
    extract(extractor, tasks[:1], tmp_path)
    path = tmp_path / "pose_tiny/sound.npz"
    content = bytearray(path.read_bytes())
    content[400] ^= 255  # in the joints
    path.write_bytes(content)
    ((_, state),) = verify_stream(tasks[:1], StreamStore.to_read(PoseFiles("pose_tiny"), tmp_path))
    assert state.kind == "damaged"
    assert not path.exists()


def test_everything_that_decides_the_result_is_in_the_provenance(extractor):
    said = extractor.provenance
    assert (said["layout"], said["smoothing"]) == ("coco17", None)
    assert all(len(said[part]["weights"]) == 64 for part in ("pose", "detection"))
    assert said["tracking"]["settings"] == {"start": 0.3, "gap": 15, "alike": 0.1}
    smoothed = PoseExtractor(extractor.estimator, smooth=7).provenance["smoothing"]
    assert smoothed == {"method": "savitzky-golay", "window": 7, "order": 2}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": "a/b"}, "--pose must be a name of letters, digits and _"),
        ({"weights": None}, "weights of pose estimator 'tiny' must be given, got none; .*SHA-256 401b3204"),
        ({"detector": None}, "detector of pose estimator 'tiny' must be given, got none; .*SHA-256 c789161e"),
        ({"detector_weights": "x"}, "--detector-weights must be left out unless --detector is a name of torchvision's"),
        ({"detector": "gone.onnx"}, "detector weights must be a file, got 'gone.onnx', which does not exist"),
    ],
)
def test_options_that_do_not_go_together(tmp_path, options, message):
    given = {"name": "tiny", "weights": write_heatmaps(tmp_path / "p.onnx"), "detector": "whole_frame", **options}
    with pytest.raises(InputError, match=message):
        build_pose_estimator(given.pop("name"), **given)


def test_smoothing_of_an_even_window_is_refused_before_any_work(extractor):
    with pytest.raises(InputError, match="--smooth must be odd and 5 or more frames, got 4"):
        PoseExtractor(extractor.estimator, smooth=4)


def test_frames_of_another_kind_are_refused(extractor):
    with pytest.raises(InputError, match="frames must be uint8, got float64"):
        extractor.estimator(np.zeros((1, 8, 8, 3)))
    assert extractor.estimator(np.zeros((0, 8, 8, 3), np.uint8)) == []
