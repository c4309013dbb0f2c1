"""All skeleton readers with small valid files, and a check of them on any bytes."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pose_files
import scipy.optimize  # noqa: F401  as below
import skeleton_files as files

import triad.modalities.skeleton.pose_estimation  # noqa: F401  imported here, so that no case counts its memory
from triad.modalities.checks import InputError
from triad.modalities.safe_pickle import ALLOWANCE
from triad.modalities.skeleton import Poses, readers


def write_anew(path: Path, content: bytes) -> None:
    """Write a file that was not there: ext4 flushes one that is overwritten to the disk, which takes milliseconds."""
    path.unlink(missing_ok=True)
    path.write_bytes(content)


def read_clips(path: Path) -> list[Poses]:
    return [clip.poses for clip in readers.read_annotations(path, layout="coco17")]


def read_labelled_array(path: Path) -> list[Poses]:
    """Read an array of ST-GCN beside sound labels, and then sound labels' place taken by the bytes."""
    data, labels = pose_files.stgcn()
    content = path.read_bytes()
    array, pickled = (content, labels) if content[:1] == b"\x93" or len(content) > 1000 else (data, content)
    write_anew(path.with_name("train_data.npy"), array)
    write_anew(path.with_name("train_label.pkl"), pickled)
    try:
        collection = readers.open_collection(path.with_name("train_data.npy"), format_name="stgcn")
        assert collection is not None
        return [collection.read(number).poses for number in range(len(collection.ids))]
    except InputError as error:
        raise InputError(f"{path}: {error}") from None


def read_collection(name: str) -> Callable[[Path], list[Poses]]:
    """Return a function that reads all clips of a file."""

    def read(path: Path) -> list[Poses]:
        collection = readers.open_collection(path, format_name=name)
        assert collection is not None
        return [collection.read(number).poses for number in range(len(collection.ids))]

    return read


def read_clip(name: str, layout: str | None = None) -> Callable[[Path], Poses]:
    """Return a function that reads the clip of a file of a format."""
    options = readers.ReadOptions(layout=layout)
    return lambda path: readers.read_skeleton(path, options, format_name=name).poses


READERS: dict[str, tuple[Callable[[Path], Any], list[bytes]]] = {
    "nucla": (readers.read_nucla, [files.nucla()]),
    "utd": (readers.read_utd, [files.utd_mhad(), files.utd_mhad(2, compressed=False)]),
    "florence": (readers.read_florence, [files.florence()]),
    "etri": (readers.read_etri, [files.etri(), files.etri(states=False)]),
    "msr_daily": (readers.read_msr_daily, [files.msr_daily()]),
    "ntu": (readers.read_ntu, [files.ntu()]),
    "lcrnet": (readers.read_lcrnet, [files.lcrnet()]),
    "pku": (readers.read_pku, [files.pku(), files.pku(1, second=False)]),
    "kinetics": (readers.read_kinetics, [files.kinetics()]),
    "npz": (lambda path: readers.read_npz(path, layout="coco17"), [files.npz(), files.npz(compressed=True)]),
    "openpose": (
        read_clip("openpose"),
        [pose_files.openpose(), pose_files.openpose([pose_files.openpose_person()] * 2)],
    ),
    "coco": (
        read_clip("coco"),
        [
            pose_files.alphapose(idx=1),
            pose_files.alphapose(),
            pose_files.alphapose_images(),
            pose_files.alphapose_images("people"),
            pose_files.coco(),
            pose_files.mmpose(),
            pose_files.mmpose(wrapped=False),
        ],
    ),
    "mediapipe": (
        read_clip("mediapipe"),
        [pose_files.mediapipe(), pose_files.mediapipe(world=False), pose_files.mediapipe(lines=True)],
    ),
    "csv": (
        read_clip("csv"),
        [pose_files.keypoint_csv(), pose_files.keypoint_csv(";"), pose_files.keypoint_rows()],
    ),
    "kinect": (read_clip("kinect"), [pose_files.azure_kinect(), pose_files.kinect_v2()]),
    "bvh": (read_clip("bvh"), [pose_files.bvh()]),
    "c3d": (read_clip("c3d"), [pose_files.c3d(), pose_files.c3d(scale=0.5, screen=("+X", "+Z"))]),
    "npy": (read_clip("npy", "coco17"), [pose_files.npy()]),
    "mat": (read_clip("mat", "kinect20"), [pose_files.mat()]),
    "stgcn": (read_labelled_array, [*pose_files.stgcn()]),
    "ctrgcn": (read_collection("ctrgcn"), [pose_files.ctrgcn(), pose_files.ctrgcn(compressed=True)]),
    "annotations": (
        read_clips,
        [*(files.annotations(protocol=protocol) for protocol in (0, 2, 4, 5)), files.annotations(lists=True)],
    ),
}


def check(read: Callable[[Path], Any], path: Path, content: bytes) -> None:
    """Check that reading gives valid poses or one line of error, within bounded memory.

    Args:
        read: reader to check.
        path: path of the file to write and read.
        content: bytes of the file.
    """
    write_anew(path, content)
    message = None
    tracemalloc.start()
    try:
        clips = read(path)
    except InputError as error:
        message = str(error)
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    if message is None:
        assert all(isinstance(poses, Poses) for poses in (clips if isinstance(clips, list) else [clips]))
    else:
        assert str(path) in message
        assert len(message.splitlines()) == 1
        assert len(message) < 1000
    assert peak <= 10 * len(content) + ALLOWANCE + (1 << 18)  # of messages, buffers, and modules imported meanwhile
