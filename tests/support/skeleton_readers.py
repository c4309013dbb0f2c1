"""All skeleton readers with small valid files, and a check of them on any bytes."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import skeleton_files as files

from modalities.checks import InputError
from modalities.safe_pickle import ALLOWANCE
from modalities.skeleton import Poses, readers


def read_clips(path: Path) -> list[Poses]:
    return [clip.poses for clip in readers.read_annotations(path, layout="coco17")]


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
    "annotations": (read_clips, [files.annotations(protocol=protocol) for protocol in (0, 2, 4, 5)]),
}


def check(read: Callable[[Path], Any], path: Path, content: bytes) -> None:
    """Check that reading gives valid poses or one line of error, within bounded memory.

    Args:
        read: reader to check.
        path: path of the file to write and read.
        content: bytes of the file.
    """
    path.write_bytes(content)
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
