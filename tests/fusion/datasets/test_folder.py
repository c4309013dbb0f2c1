"""Folders of custom clips: any name, any container, exact counts, and a reason for every file that is not used."""

from __future__ import annotations

import os
import shutil
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from dataset_files import digest, write_clip

from triad.fusion.datasets import count_splits, writer
from triad.fusion.datasets.dataset_check import check_dataset
from triad.fusion.datasets.folder import prepare_folder
from triad.fusion.index import load_index
from triad.modalities.checks import InputError
from triad.modalities.rgb import RgbReader
from triad.modalities.video import VideoInfo


def write(folder: Path, *names: str, frames: int = 4) -> Path:
    for name in names:
        write_clip(folder / name, frames=frames, fps=10)
    return folder


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Three classes of five clips under names as people give them."""
    folder = tmp_path / "my clips"
    write(folder, *(f"drink coffee/clip {n}.mp4" for n in range(5)))
    write(folder, *(f"Tür öffnen/Übung ({n}).mkv" for n in range(5)))
    return write(folder, *(f"🙂/{n} 👋.mov" for n in range(5)))


def reasons(report: dict) -> dict[str, str]:
    return {row["id"]: row["reason"] for row in report["dropped"]}


def test_names_of_any_script(tmp_path, source):
    report = prepare_folder(source, tmp_path / "out")
    index = load_index(tmp_path / "out")
    assert (report["records"], report["dropped"]) == (15, [])
    assert (index.dataset, index.classes) == ("folder", ["Tür öffnen", "drink coffee", "🙂"])
    assert index.metainfo["streams"] == {"rgb": {"modality": "rgb"}}
    assert count_splits(index.records, "folder") == {"split1": {"train": 9, "val": 3, "test": 3}}
    assert report["protocol"] == index.metainfo["protocol"]
    assert (report["protocol"]["name"], report["protocol"]["by"], report["protocol"]["groups"]) == (
        "split1",
        "clip",
        15,
    )
    assert report["notes"] == [
        "folders are read as class",
        "protocol split1: val and test carved out by clip, 20% each, by a hash of the names (15 clips)",
        "clips of one person or film may be on both sides; where you know them, name them in a table",
    ]
    row = index.record("Tür_öffnen_Übung_2")
    assert (row["path"], row["class"], row["label"]) == ("Tür öffnen/Übung (2).mkv", "Tür öffnen", 0)
    assert row["sources"] == {"rgb": {"path": "../my clips/Tür öffnen/Übung (2).mkv", "num": 4, "fps": 10.0}}
    assert {record["id"] for record in index.records if record["class"] == "🙂"} == set("01234")
    assert all((index.root / record["video"]).samefile(source / record["path"]) for record in index.records)


def test_index_does_not_depend_on_location(tmp_path, source):
    prepare_folder(source, tmp_path / "out")
    first = digest(tmp_path / "out")
    prepare_folder(source, tmp_path / "out")
    assert digest(tmp_path / "out") == first
    (tmp_path / "elsewhere").mkdir()
    shutil.move(source, tmp_path / "elsewhere")
    prepare_folder(tmp_path / "elsewhere/my clips", tmp_path / "elsewhere/out")
    assert digest(tmp_path / "elsewhere/out") == first


def test_every_file_is_used_or_dropped(tmp_path, source):
    write(source, "at the top.mp4", "one clip/a.mp4", "🙂/.cache/thumb.mp4")
    write(source, "🙂/single.mp4", frames=1)
    (source / "🙂/broken.mp4").write_bytes(b"\0" * 99)
    (source / "🙂/empty.avi").touch()
    (source / "🙂/gone.mp4").symlink_to("nowhere.mp4")
    (source / "🙂/.trimmed.mp4").write_bytes(b"\0" * 99)
    (source / "🙂/._0 👋.mov").write_bytes(b"what macOS keeps beside a file")
    (source / "🙂/.DS_Store").write_bytes(b"and of a folder")
    (source / "🙂/notes.txt").write_text("no video")
    (source / "readme.txt").write_text("neither")
    (source / "empty class").mkdir()
    (source / "only photos").mkdir()
    (source / "only photos/a.jpg").write_bytes(b"jpg")
    report = prepare_folder(source, tmp_path / "out")
    assert report["records"] == 16
    dropped = reasons(report)
    assert set(dropped) == {
        "at the top.mp4",
        "🙂/.cache/thumb.mp4",
        "🙂/.trimmed.mp4",
        "single",
        "broken",
        "empty",
        "gone",
        "*.txt",
        "*.jpg",
    }
    assert dropped["at the top.mp4"].endswith("lies in no class folder: move it to <class>/at the top.mp4")
    assert dropped["🙂/.cache/thumb.mp4"].endswith("lies in a hidden folder: move it if it is wanted")
    assert dropped["🙂/.trimmed.mp4"] == "video: '🙂/.trimmed.mp4' is hidden: rename it if it is wanted"
    assert dropped["single"].startswith("video of '🙂/single.mp4' must have at least 2 frames")
    assert dropped["broken"].startswith("video: video must be readable, got '")
    assert dropped["*.txt"] == "2 files such as 'readme.txt': no video ends so"
    assert load_index(tmp_path / "out").classes == ["Tür öffnen", "drink coffee", "one clip", "🙂"]
    assert report["notes"][3:] == [
        "class 'one clip' is small (clips: 1): none in val or test",
        "classes left out because none of their clips can be used: 'empty class', 'only photos'",
    ]


def test_undecodable_name_is_dropped(tmp_path, source):
    try:
        (source / "🙂" / os.fsdecode(b"caf\xe9.mp4")).write_bytes(b"x")
    except OSError:
        pytest.skip("this file system has text for names")
    report = prepare_folder(source, tmp_path / "out")
    assert report["dropped"] == [{"id": r"🙂/caf\udce9.mp4", "reason": "video: the name is no UTF-8: rename it"}]


def test_subfolders_group_clips(tmp_path):
    people = ("anna", "ben", "cleo", "dan", "eva")
    source = write(tmp_path / "s", *(f"{c}/{p}/{n}.mp4" for c in ("eat", "read") for p in people for n in range(2)))
    report = prepare_folder(source, tmp_path / "out")
    records = load_index(tmp_path / "out").records
    assert (report["protocol"]["by"], report["protocol"]["groups"]) == ("folder", 5)
    assert count_splits(records, "folder") == {"split1": {"train": 12, "val": 4, "test": 4}}
    assert len({(record["source_video"], record["official"]["split1"]) for record in records}) == 5


def test_split_folders(tmp_path):
    source = write(tmp_path / "s", *(f"Train/{c}/{n}.mp4" for c in "ab" for n in range(5)))
    write(source, "test/a/7.mp4", "test/b/8.mp4", "test/loose.mp4")
    report = prepare_folder(source, tmp_path / "out")
    index = load_index(tmp_path / "out")
    assert index.classes == ["a", "b"]
    assert count_splits(index.records, "folder") == {"split1": {"train": 8, "val": 2, "test": 2}}
    assert (report["protocol"]["given"], report["protocol"]["carved"]) == (["train", "test"], ["val"])
    assert reasons(report)["test/loose.mp4"].endswith("move it to <split>/<class>/loose.mp4")
    write(source, "extra/a/9.mp4")
    with pytest.raises(
        InputError, match=r"'Train', 'test' beside 'extra'; its folders are the classes: --layout class"
    ):
        prepare_folder(source, tmp_path / "out")
    prepare_folder(source, tmp_path / "out", layout="class")
    assert load_index(tmp_path / "out").classes == ["Train", "extra", "test"]
    report = prepare_folder(source, tmp_path / "out", layout="split/class")
    assert reasons(report)["extra/a/9.mp4"].startswith("video: folder must be named after a split")


def test_classes_are_counted(tmp_path):
    source = write(tmp_path / "s", *(f"{c}/{s}/{c}.mp4" for c in ("Eat", "drink") for s in ("VAL", "train", "testing")))
    report = prepare_folder(source, tmp_path / "out")
    assert report["layout"] == "class/split"
    assert report["notes"][0] == "folders are read as class/split"
    assert report["classes"] == {name: {"train": 1, "val": 1, "test": 1} for name in ("Eat", "drink")}
    assert {record["official"]["split1"] for record in load_index(tmp_path / "out").records} == {"train", "val", "test"}


def test_people_above_classes(tmp_path):
    people = ("anna", "ben", "cleo", "dan", "eva")
    source = write(tmp_path / "s", *(f"{p}/{c}/1.mp4" for c in ("eat", "read") for p in people))
    assert prepare_folder(source, tmp_path / "out")["notes"][1].endswith("say --layout source/class")
    report = prepare_folder(source, tmp_path / "out", layout="source/class")
    index = load_index(tmp_path / "out")
    assert (index.classes, report["protocol"]["name"]) == (["eat", "read"], "cross_subject")
    assert count_splits(index.records, "folder") == {"cross_subject": {"train": 6, "val": 2, "test": 2}}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda folder: None, "source must hold videos in class folders, got none in"),
        (lambda folder: write(folder, "a.mp4"), "give the folder whose folders are the classes"),
        (lambda folder: write(folder, "c/a.mp4", frames=1), "must have at least one usable recording"),
    ],
)
def test_unusable_folder_leaves_no_output(tmp_path, make, message):
    (tmp_path / "s").mkdir()
    make(tmp_path / "s")
    with pytest.raises(InputError, match=message):
        prepare_folder(tmp_path / "s", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_output_may_lie_in_source(tmp_path, source):
    with pytest.raises(InputError, match="OUT must be another folder than the videos'"):
        prepare_folder(source, source)
    prepare_folder(source, source / "out")
    assert prepare_folder(source, source / "out")["dropped"] == []  # neither a class nor a file to name
    assert load_index(source / "out").record("0")["video"] == "../🙂/0 👋.mov"


def test_equal_names_get_different_ids(tmp_path):
    source = write(tmp_path / "s", "c/x.mp4", "c/x.mkv", "c/X.mov")
    assert prepare_folder(source, tmp_path / "out")["records"] == 3


def test_folders_of_pictures_are_clips(tmp_path):
    source = write(tmp_path / "src", *(f"walk/{n}.mp4" for n in range(5)))
    for clip in range(5):
        folder = source / f"wave/clip.v{clip}"
        folder.mkdir(parents=True)
        for number in range(4):
            cv2.imwrite(str(folder / f"img_{number + 1:05d}.jpg"), np.full((24, 32, 3), 60 * number, np.uint8))
    cv2.imwrite(str(source / "walk/cover.jpg"), np.zeros((24, 32, 3), np.uint8))
    report = prepare_folder(source, tmp_path / "out", fps=12.0)
    assert reasons(report) == {"*.jpg": "1 file such as 'walk/cover.jpg': no video ends so"}
    assert "5 folders of pictures: 12 pictures per second are assumed (--fps says otherwise)" in report["notes"]
    index = load_index(tmp_path / "out")
    row = index.record("wave_clip.v3")
    assert row["sources"] == {"rgb": {"path": "../src/wave/clip.v3", "num": 4, "fps": 12.0}}
    assert [row for row in check_dataset(index)["problems"] if row["id"].startswith("wave")] == []
    clip = RgbReader(frame_size=(24, 32)).read(index.source(row, "rgb"), np.array([0.1, 0.3]), np.ones(2, bool))
    assert clip.data.mean((1, 2, 3)).round().tolist() == [60, 180]


def test_unreadable_video_does_not_stop_others(tmp_path):
    """A title in Latin-1 is of no concern; an unknown codec is the clip's reason."""
    source = write(tmp_path / "src", *(f"{name}/{n}.avi" for name in "ab" for n in range(5)))
    with av.open(str(source / "a/title.avi"), "w") as container:
        container.metadata["title"] = "Uebung"
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 32, 24, "yuv420p"
        for _ in range(4):
            container.mux(stream.encode(av.VideoFrame(32, 24, "yuv420p")))
        container.mux(stream.encode(None))
    title = source / "a/title.avi"
    assert title.read_bytes().count(b"Uebung") == 1
    title.write_bytes(title.read_bytes().replace(b"Uebung", b"\xdcbung!"))
    (source / "b/codec.avi").write_bytes(title.read_bytes().replace(b"mp4v", b"ZZZ9").replace(b"FMP4", b"ZZZ9"))
    report = prepare_folder(source, tmp_path / "out")
    assert report["records"] == 11
    assert reasons(report) == {
        "b_codec": f"video: video must have a known codec, got '{source / 'b/codec.avi'}', whose codec FFmpeg does not "
        "know; convert it to H.264"
    }


def test_any_error_is_the_reason_of_its_clip(tmp_path, monkeypatch):
    source = write(tmp_path / "src", *(f"{name}/{n}.avi" for name in "ab" for n in range(5)))

    def failing_probe(path, *, fps):
        if path.name == "3.avi":
            raise RuntimeError("odd")
        return VideoInfo(8, 10.0, 24, 32, None)

    monkeypatch.setattr(writer, "probe", failing_probe)
    report = prepare_folder(source, tmp_path / "out")
    assert (report["records"], reasons(report)["a_3"]) == (8, f"video: '{source / 'a/3.avi'}' (RuntimeError: odd)")


def test_repaired_clock_is_reported(tmp_path):
    """Frames 20 and 21 of the first clip have one time."""
    source = write(tmp_path / "src", *(f"{name}/{n}.mkv" for name in "ab" for n in range(5)))
    with av.open(str(source / "a/0.mkv"), "w") as container:
        stream = container.add_stream("mjpeg", rate=10)
        stream.width, stream.height, stream.pix_fmt = 32, 24, "yuvj420p"
        for number in range(40):
            frame = av.VideoFrame.from_ndarray(np.full((24, 32, 3), number, np.uint8), format="rgb24")
            for packet in stream.encode(frame):
                packet.pts = packet.dts = 100 * (number - (number == 21))
                packet.time_base = Fraction(1, 1000)
                container.mux(packet)
    report = prepare_folder(source, tmp_path / "out")
    assert "video of 'a_0': timestamps were wrong or missing and are repaired at 2.00–2.20 s" in report["notes"]
    assert check_dataset(load_index(tmp_path / "out"))["repaired"] == [{"id": "a_0", "seconds": [[2.0, 2.2]]}]
