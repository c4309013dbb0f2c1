"""WebDataset shards: videos and pictures with labels, hostile names, damaged archives."""

import io
import json
import tarfile

import cv2
import numpy as np
import pytest
from dataset_files import write_clip

from triad.fusion.datasets import count_splits
from triad.fusion.datasets.webdataset import prepare_webdataset
from triad.fusion.index import load_index
from triad.modalities.checks import InputError


def write_shard(path, members):
    """Write members ``{name: bytes}``; a value of another kind is the target of a symbolic link."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            if isinstance(content, bytes):
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
            else:
                info.type, info.linkname = tarfile.SYMTYPE, content
                archive.addfile(info)
    return path


@pytest.fixture
def video(tmp_path):
    write_clip(tmp_path / "v.mp4", frames=4, fps=10)
    return (tmp_path / "v.mp4").read_bytes()


def picture(value):
    return cv2.imencode(".jpg", np.full((24, 32, 3), value, np.uint8))[1].tobytes()


def bmp(value):
    return cv2.imencode(".bmp", np.full((24, 32, 3), value, np.uint8))[1].tobytes()


def test_videos_and_pictures_with_labels(tmp_path, video):
    write_shard(tmp_path / "src/train-0000.tar", {"a.mp4": video, "a.cls": b"10\n", "b.mp4": video, "b.cls": b"2"})
    write_shard(tmp_path / "src/test-0000.tar", {"a.mp4": video, "a.json": json.dumps({"label": 2}).encode()})
    pictures = {f"x/clip.{number:04d}.jpg": picture(50 * number) for number in (3, 1, 2)}
    write_shard(tmp_path / "src/test-0001.tar", {**pictures, "x/clip.txt": b"10"})
    report = prepare_webdataset(tmp_path / "src", tmp_path / "out", fps=12.0)
    assert (report["records"], report["dropped"]) == (4, [])
    index = load_index(tmp_path / "out")
    assert index.classes == ["2", "10"]
    assert count_splits(index.records, "webdataset")["split1"] == {"train": 2, "val": 0, "test": 2}
    entry = index.record("test-0001_x_clip")["sources"]["rgb"]
    assert entry == {"path": "clips/test-0001_x_clip", "num": 3, "fps": 12.0}
    means = [cv2.imread(str(path)).mean() for path in sorted((index.root / entry["path"]).iterdir())]
    assert means == [50, 100, 150]
    assert index.record("train-0000_a")["sources"]["rgb"]["path"] == "clips/train-0000_a.mp4"


def test_names_never_leave_the_folder(tmp_path, video):
    names = ["../../evil", "/etc/evil", "..", "a\\..\\b", "x" * 300]
    members = {f"{name}.mp4": video for name in names} | {f"{name}.cls": b"../../c" for name in names}
    shard = write_shard(tmp_path / "s/shard.tar", members | {"link.mp4": "/etc/passwd", "link.cls": b"a"})
    before = {path for path in tmp_path.rglob("*")}
    report = prepare_webdataset(shard, tmp_path / "s/out")
    assert report["records"] == 3
    new = {path for path in tmp_path.rglob("*")} - before
    assert all(tmp_path / "s/out" in [path, *path.parents] for path in new)
    assert all(
        path.parent == tmp_path / "s/out/clips" and not path.is_symlink() for path in new if path.suffix == ".mp4"
    )
    assert "shard_link" in {row["id"] for row in report["dropped"]}


def test_other_shards_replace_earlier_clips(tmp_path):
    """Shards of the same names with fewer pictures, and a video of the same number of bytes."""
    long_clip = {f"a.{number:04d}.bmp": bmp(50 * number) for number in range(5)}
    short_clip = {f"a.{number:04d}.bmp": bmp(200) for number in range(3)}
    for shard, pictures in (("1", long_clip), ("2", short_clip)):
        write_shard(tmp_path / shard / "s.tar", {**pictures, "a.cls": b"x"})
        prepare_webdataset(tmp_path / shard, tmp_path / "out")
    entry = load_index(tmp_path / "out").record("s_a")["sources"]["rgb"]
    paths = sorted((tmp_path / "out" / entry["path"]).iterdir())
    assert entry["num"] == len(paths) == 3
    assert [cv2.imread(str(path)).mean() for path in paths] == [200, 200, 200]


def test_sparse_members_are_not_unpacked(tmp_path, video):
    """A header of a terabyte with one byte of content, as GNU tar writes holes."""
    shard = write_shard(tmp_path / "s/s.tar", {"b.mp4": video, "b.cls": b"1", "a.cls": b"1"})
    info = tarfile.TarInfo("a.mp4")
    info.pax_headers = {"GNU.sparse.map": "0,1", "GNU.sparse.size": str(1 << 40)}
    info.size = 1
    with tarfile.open(shard, "a", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(info, io.BytesIO(b"x"))
    with tarfile.open(shard) as archive:
        assert archive.getmember("a.mp4").size == 1 << 40
    report = prepare_webdataset(tmp_path / "s", tmp_path / "s/out")
    assert report["records"] == 1
    assert "sample 's_a' must hold one video, or pictures, got" in report["dropped"][0]["reason"]


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"a.mp4": b"video"}, "sample 'bad_a' must have a label, got"),
        ({"a.cls": b"1"}, "sample 'bad_a' must hold one video, or pictures, got"),
        ({"a.mp4": b"v", "a.side.mp4": b"v", "a.cls": b"1"}, "sample 'bad_a' must hold one video, or pictures, got"),
        ({"a.mp4": b"video", "a.cls": b""}, "label of 'bad_a' must be one line of 1 to 200 letters, got ''"),
        ({"a.mp4": b"video", "a.cls": b"\xff\xfe"}, "label of 'bad_a' must be text or JSON"),
        ({"a.mp4": b"video", "a.json": b"[" * 9999}, "label of 'bad_a' must be text or JSON"),
        ({"a.mp4": b"video", "a.json": b'{"x": 1}'}, "label of 'bad_a' must name its class as one of label, class"),
        ({"a.mp4": b"video", "a.cls": b"1"}, "video must be readable, got"),
    ],
)
def test_unfit_sample_is_dropped(tmp_path, video, members, reason):
    write_shard(tmp_path / "src/good.tar", {"g.mp4": video, "g.cls": b"1"})
    write_shard(tmp_path / "src/bad.tar", members)
    report = prepare_webdataset(tmp_path / "src", tmp_path / "out")
    assert report["records"] == 1
    (row,) = report["dropped"]
    assert reason in row["reason"]
    assert "\n" not in row["reason"]


def test_unfit_archive_is_one_line(tmp_path, video):
    with pytest.raises(InputError, match=r"must hold .tar shards, got none"):
        prepare_webdataset(tmp_path, tmp_path / "out")
    (tmp_path / "a.tar").write_bytes(b"no archive" * 999)
    with pytest.raises(InputError, match=r"shard must be a readable .tar file, got '.*a.tar'"):
        prepare_webdataset(tmp_path, tmp_path / "out")
    shard = write_shard(tmp_path / "a.tar", {"a.cls": b"1", "a.mp4": video * 9})
    shard.write_bytes(shard.read_bytes()[:3000])
    with pytest.raises(InputError, match="shard must be"):
        prepare_webdataset(shard, tmp_path / "out")
