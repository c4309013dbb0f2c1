"""The packed skeleton store on a set of the size of NTU RGB+D 120, against unpickled annotations and single files."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import DataLoader

from fusion.benchmarks.row import Row, compare, seconds_of
from fusion.data.collate import collate
from fusion.data.dataset import ActionDataset
from fusion.index.index import load_index, write_index
from modalities.atomic_files import read_arrays, write_arrays
from modalities.skeleton.pose_store import PoseStore
from modalities.skeleton.pose_store_writer import write_store
from modalities.skeleton.poses import Poses
from modalities.skeleton.reader import PoseReader

CLIPS, CLASSES, LAYOUT, TIMES = 113_945, 120, "ntu25", 64
READ, FILES = 10_000, 2_000


def bench_pose_store(folder: Path) -> list[Row]:
    """Start-up, memory of a worker, and clips per second; about 5 GB of files are made in ``folder``."""
    maker = multiprocessing.get_context("fork").Process(target=simulate, args=(folder,))
    maker.start()  # what it leaves in its memory is not to be measured
    maker.join()
    os.sync()  # the kernel counts pages of a file as a process's own while they are not on disk
    annotations: list[dict[str, np.ndarray]] = []

    def unpickle() -> None:
        with (folder / "annotations.pkl").open("rb") as file:
            annotations.extend(pickle.load(file))

    store_path = folder / "skeleton.safetensors"
    index_s = seconds_of(lambda: load_index(folder))
    open_s = seconds_of(lambda: PoseStore(store_path))
    batch_s = seconds_of(lambda: _first_batch(folder))
    ours_mb = _private_mb(_reads(folder))
    store = PoseStore(store_path)
    unpickle_s = seconds_of(unpickle)
    theirs_mb = _private_mb(_unpickles(folder))
    rng = np.random.default_rng(1)
    chosen = rng.integers(0, len(store), READ).tolist()
    times = {clip: np.sort(rng.integers(0, store.num(clip), TIMES)) for clip in chosen}

    def slice_arrays() -> None:
        for clip in chosen:
            for name in ("keypoint", "keypoint_score"):
                torch.from_numpy(annotations[clip][name][:, times[clip]]).float().numpy()

    def read_store() -> None:
        for clip in chosen:
            store.arrays(clip, times[clip])

    ours, sliced = compare(read_store, slice_arrays, rounds=5)
    files = folder / "files"
    paths = [files / f"{clip}.npz" for clip in range(FILES)]

    def read_files() -> None:
        for path in paths:
            arrays = read_arrays(path, cure="run bench again")
            arrays["keypoints"].astype(np.float32), arrays["scores"].astype(np.float32)

    def read_same() -> None:
        for clip in range(FILES):
            store.arrays(clip)

    packed, single = compare(read_same, read_files, rounds=3)
    made = f"{CLIPS} simulated clips, {LAYOUT}, float16"
    return [
        Row("index of NTU-120's size: load", "cpu", index_s, unpickle_s, "s", limit=2.0, note=made),
        Row("skeleton store: open", "cpu", open_s, unpickle_s, "s", limit=1.0, note="reference: unpickled annotations"),
        Row("skeleton store: first batch of one worker", "cpu", batch_s, unpickle_s, "s", limit=3.0),
        Row("skeleton store: private memory of 10,000 clips", "cpu", ours_mb, theirs_mb, "MB", limit=50.0),
        Row("skeleton store: read, against slices of memory", "cpu", READ / ours, READ / sliced, "clips/s", 0.8),
        Row("skeleton store: read, against a file a clip", "cpu", FILES / packed, FILES / single, "clips/s", 10.0),
    ]


def simulate(folder: Path) -> None:
    """Noise of NTU-120's size as index, store, annotation pickle, and single files of the first clips."""
    if (folder / "index.json").is_file():
        return
    rng = np.random.default_rng(0)
    noise = rng.normal(0, 1, (2, 4096, 25, 3)).astype(np.float32)
    records, annotations = [], []
    with write_store(folder / "skeleton.safetensors", layout=LAYOUT, dtype="float16") as store:
        for clip in range(CLIPS):
            persons, num, start = 1 + int(rng.random() < 0.2), int(rng.integers(40, 121)), int(rng.integers(0, 3900))
            points = np.ascontiguousarray(noise[:persons, start : start + num])
            scores = np.ones(points.shape[:3], np.float32)
            name = f"S{clip % 32 + 1:03d}C{clip % 3 + 1:03d}P{clip % 106 + 1:03d}R001A{clip % CLASSES + 1:03d}_{clip}"
            number = store.add(name, Poses(points, scores, LAYOUT))
            source = {"path": "skeleton.safetensors", "clip": number, "num": num, "fps": 30.0}
            who = {"subject": f"s{clip % 20 + 1:02d}", "camera": f"c{clip % 3 + 1}"}
            records.append({"id": name, "label": clip % CLASSES, "sources": {"skeleton": source}, **who})
            half = {"keypoint": points.astype(np.float16), "keypoint_score": scores.astype(np.float16)}
            annotations.append({"frame_dir": name, "label": clip % CLASSES, "total_frames": num, **half})
            if clip < FILES:
                write_arrays(folder / f"files/{clip}.npz", keypoints=half["keypoint"], scores=half["keypoint_score"])
    with (folder / "annotations.pkl").open("wb") as file:
        pickle.dump(annotations, file, protocol=5)
    streams = {"skeleton": {"modality": "skeleton", "layout": LAYOUT, "channels": 3}}
    classes = [f"A{number + 1}" for number in range(CLASSES)]
    write_index(folder / "index.json", {"dataset": "minihome", "classes": classes, "streams": streams}, records)


def _dataset(folder: Path) -> ActionDataset:
    streams = {"skeleton": {"reader": PoseReader(layout=LAYOUT, frame_size=(1, 1)), "num_frames": TIMES}}
    return ActionDataset(index=folder, protocol="cross_subject", split="train", streams=streams)


def _first_batch(folder: Path) -> None:
    next(iter(DataLoader(_dataset(folder), batch_size=64, num_workers=1, collate_fn=collate)))


def _reads(folder: Path) -> Callable[[], None]:
    dataset = _dataset(folder)
    dataset[0]  # what is made once, whatever is read
    chosen = np.random.default_rng(2).integers(0, len(dataset), READ).tolist()

    def work() -> None:
        for position in chosen:
            dataset[position]

    return work


def _unpickles(folder: Path) -> Callable[[], None]:
    def work() -> None:
        with (folder / "annotations.pkl").open("rb") as file:
            annotations = pickle.load(file)
        sum(int(annotation["label"]) for annotation in annotations)
        global _kept
        _kept = annotations

    return work


_kept: object = None


def _private_mb(work: Callable[[], None]) -> float:
    """Megabytes that a forked worker no longer shares with anyone after ``work``, more than before it."""
    context = multiprocessing.get_context("fork")
    reader, writer = context.Pipe(duplex=False)

    def child() -> None:
        before = _private_kb()
        work()
        writer.send(_private_kb() - before)

    process = context.Process(target=child)
    process.start()
    grown = reader.recv()
    process.join()
    return max(grown, 1) / 1024


def _private_kb() -> int:
    """Anonymous memory that is this process's own: a page copied after the fork counts, a mapped file's does not."""
    text = Path("/proc/self/smaps_rollup").read_text("ascii")
    return int(re.search(r"Private_Dirty:\s+(\d+) kB", text)[1])  # type: ignore[index]
