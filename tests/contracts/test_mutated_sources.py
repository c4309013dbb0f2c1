"""Videos, lists of datasets, stored fusions and files of extraction: a mutated one ends in a result or in one line."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from zipfile import ZipFile

import numpy as np
import pytest
from hand_made_predictions import make_predictions
from mutation_runs import MANY, PER_READER, Mutate, Readers, bytes_of, document_of, run_mutations
from mutations import mutate_arrays, mutate_document

from triad.fusion.datasets import charades, hmdb51, ucf101
from triad.fusion.datasets.custom.class_list import read_class_names
from triad.fusion.datasets.custom.table_rows import read_rows
from triad.fusion.datasets.frame_labels import read_frame_labels
from triad.fusion.late_fusion import build_late_fusion, load_fusion, save_fusion
from triad.modalities.checks import fail
from triad.modalities.extraction.interfaces import FileSummary, Task
from triad.modalities.extraction.stream_store import StreamStore
from triad.modalities.video import VideoFile, count_packets, iter_frames, probe, read_frames, write_video

CLASSES = ["wave", "sit"]
TABLES = {
    "table.csv": "path,label,subject,start,end\na.mp4,wave,s1,0.5,2\nb.mp4,sit,s2,,\nc.mp4,wave,s3,1,3\n",
    "kinetics.csv": "label,youtube_id,time_start,time_end,split\nwave,abcdefg,0,10,train\nsit,abcdefh,3,13,val\n",
    "list.txt": "a.mp4 0\nfolder/b.mp4 1\nc.mp4 0\n",
    "epic.csv": "participant_id,video_id,start_timestamp,stop_timestamp,verb_class\nP01,P01_01,0:00:00,0:00:03.37,3\n",
}
"""Lists by their names; the first lines of all but ours tell what they are."""
VIDEOS = ("abcdefg.mp4", "abcdefh_000003_000013.mp4", "P01_01.MP4", "78687.webm")
SOMETHING = [{"id": "78687", "label": "holding a phone", "template": "Holding [something]", "placeholders": ["phone"]}]
CHARADES_LIST = """id,subject,scene,actions,length
AB1,S1,Kitchen,c000 0.5 3.0;c001 1.00 9.90,30.5
AB2,S2,Attic,,12.0
"""


def text_of(text: str) -> Callable[[Path], Mutate]:
    """Return a function that writes text and returns mutations of its bytes."""
    return bytes_of(lambda path: path.write_bytes(text.encode()) and None)


def make_something(path: Path) -> None:
    path.write_text(json.dumps(SOMETHING))


def make_video(path: Path) -> None:
    write_video(path, [np.full((24, 32, 3), 20 * number, np.uint8) for number in range(6)], fps=10)


def read_video(path: Path) -> None:
    info = probe(path)
    count_packets(path)
    list(VideoFile(path))
    read_frames(path, [0, info.num_frames - 1])
    list(iter_frames(path))


def read_ucf_list(path: Path, *, name: str) -> None:
    """Read the official lists of UCF101, one of which is the file."""
    texts = {"classInd.txt": "1 Wave\n2 Sit\n"}
    for number in (1, 2, 3):
        texts[f"trainlist0{number}.txt"] = "Wave/v_Wave_g08_c01.avi 1\n"
        texts[f"testlist0{number}.txt"] = "Sit/v_Sit_g01_c01.avi\n"
    for list_name, text in texts.items():
        if list_name != name and not (path.parent / list_name).exists():
            (path.parent / list_name).write_text(text)
    ucf101.read_lists(path.parent)


def read_hmdb_list(path: Path) -> None:
    for number in (2, 3):
        list_name = path.parent / f"wave_test_split{number}.txt"
        if not list_name.exists():
            list_name.write_text("a_wave_h_nm_np1_fr_goo_0.avi 1 \n")
    hmdb51.read_lists(path.parent, ["wave"])


def check_rows(path: Path) -> None:
    """Read a list of videos; a row that cannot be used is dropped with a reason of one line."""
    for name in VIDEOS:
        if not (path.parent / name).exists():
            (path.parent / name).touch()
    rows, dropped = read_rows(path)
    assert all("\n" not in entry["reason"] for entry in dropped)
    if dropped or not rows:
        fail("rows", "be usable", len(dropped))


def check_list(path: Path) -> None:
    """Read a list of Charades, as :func:`check_rows` does."""
    videos, dropped = charades.read_list(path, 2)
    assert all("\n" not in entry["reason"] for entry in dropped)
    if dropped or not videos:
        fail("rows", "be usable", len(dropped))


def make_fusion(path: Path, *, method: str) -> None:
    labels = np.arange(12) % 2
    noise = np.random.default_rng(0).normal(size=(2, 12, 2)).astype(np.float32)
    scores = {
        name: 2 * np.eye(2, dtype=np.float32)[labels] + of for name, of in zip(("rgb", "flow"), noise, strict=True)
    }
    val = make_predictions(
        ids=[f"v{number}" for number in range(12)], labels=labels, scores=scores, kinds=dict.fromkeys(scores, "logit")
    )
    save_fusion(build_late_fusion(method).fit(val, ("rgb", "flow")), path)


def mutated_fusion(path: Path, *, method: str, in_arrays: bool = False) -> Mutate:
    """Return mutations of the document in a stored fusion, an archive of a document and arrays, or of an array."""
    make_fusion(path, method=method)
    with ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    arrays = {name: np.load(io.BytesIO(content)) for name, content in entries.items() if name.endswith(".npy")}
    document = json.loads(entries["schema.json"])

    def mutate(target: Path, random: Random) -> None:
        if in_arrays:
            changed = {name: npy_bytes(array) for name, array in mutate_arrays(arrays, random).items()}
        else:
            changed = {"schema.json": json.dumps(mutate_document(document, random)).encode()}
        with ZipFile(target, "w") as archive:
            for name, content in (entries | changed).items():
                archive.writestr(name, content)

    return mutate


def npy_bytes(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


class Files:
    """Files of a stream, of which there are none."""

    stream, modality, suffix, length_offset = "pose_x", "skeleton", ".npz", 0

    def describe(self, path: Path) -> FileSummary:
        raise AssertionError(path)

    verify = describe


PROVENANCE = {"pose": "x", "decoder": {"av": "17.0"}, "sizes": [1, 2], "weights": {"sha256": "ab", "input": [4, 4]}}
TASK = Task("a", Path("a.mp4"), 3)


def make_provenance(path: Path) -> None:
    path.write_text(json.dumps(PROVENANCE))


def read_provenance(path: Path) -> None:
    StreamStore.to_read(Files(), path.parents[1]).check()
    StreamStore(Files(), path.parents[1], PROVENANCE).check()


def make_failure(path: Path) -> None:
    store = StreamStore(Files(), path.parent / "out", PROVENANCE)
    store.record_failure(TASK, "no person")
    (path.parent / "out/pose_x/failed/a.json").rename(path)


def read_failure(path: Path) -> None:
    """Read a recorded failure; one that is no longer readable does not count."""
    store = StreamStore(Files(), path.parents[2], PROVENANCE)
    if store.state(TASK).kind != "failed":
        fail("failure", "be recorded", "none")


READERS: Readers = {
    **{f"video, {suffix}": (bytes_of(make_video), read_video, f"a.{suffix}") for suffix in ("mp4", "mkv", "avi")},
    **{f"list, {name}": (text_of(text), check_rows, name) for name, text in TABLES.items()},
    "list, something.json": (document_of(make_something), check_rows, "something.json"),
    "HMDB51 list": (text_of("a_wave_h_nm_np1_fr_goo_0.avi 1 \nb.avi 2 \n"), read_hmdb_list, "wave_test_split1.txt"),
    "UCF101 classes": (text_of("1 Wave\n2 Sit\n"), partial(read_ucf_list, name="classInd.txt"), "classInd.txt"),
    "UCF101 list": (
        text_of("Wave/v_Wave_g08_c01.avi 1\nSit/v_Sit_g09_c02.avi 2\n"),
        partial(read_ucf_list, name="trainlist01.txt"),
        "trainlist01.txt",
    ),
    "Charades classes": (text_of("c000 Holding a broom\nc001 Sitting\n"), charades.read_classes, "classes.txt"),
    "Charades list": (text_of(CHARADES_LIST), check_list, "Charades_v1_train.csv"),
    "frame labels": (text_of("1-3 wave\n4-9 sit\n"), partial(read_frame_labels, classes=CLASSES), "a.txt"),
    "class names": (text_of("id,name\n0,wave\n1,sit\n"), read_class_names, "classes.csv"),
    "fusion": (partial(mutated_fusion, method="mean"), load_fusion, "f.skops"),
    "fusion, svm": (partial(mutated_fusion, method="svm"), load_fusion, "f.skops"),
    "fusion, arrays": (partial(mutated_fusion, method="logistic", in_arrays=True), load_fusion, "f.skops"),
    "fusion, bytes": (bytes_of(partial(make_fusion, method="weighted")), load_fusion, "f.skops"),
    "provenance": (document_of(make_provenance), read_provenance, "provenance.json"),
    "provenance, bytes": (bytes_of(make_provenance), read_provenance, "provenance.json"),
    "failure": (document_of(make_failure), read_failure, "a.json"),
    "failure, bytes": (bytes_of(make_failure), read_failure, "a.json"),
}
FOLDERS = {"provenance": "pose_x", "failure": "pose_x/failed"}


def run(name: str, folder: Path, count: int) -> None:
    folder = folder / FOLDERS.get(name.partition(",")[0], "")
    folder.mkdir(parents=True, exist_ok=True)
    run_mutations(READERS, name, folder, count)


@pytest.mark.parametrize("name", READERS)
def test_mutations_end_in_one_line(name, tmp_path):
    run(name, tmp_path, PER_READER)


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_twenty_thousand_mutations(name, tmp_path):
    run(name, tmp_path, MANY // len(READERS))
