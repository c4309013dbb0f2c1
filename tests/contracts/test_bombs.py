"""Small files that claim or unpack to gigabytes are refused in one line, before anything of that size is allocated."""

from __future__ import annotations

import io
import json
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.lib import format as npy

from triad.fusion.datasets.jhmdb import prepare_jhmdb
from triad.fusion.estimators.flow.ground_truth import read_truth, truth_of
from triad.fusion.index import Index, load_index, write_index
from triad.fusion.late_fusion import load_fusion
from triad.fusion.predictions import Predictions
from triad.modalities.checks import InputError
from triad.modalities.depth.files import read_depth
from triad.modalities.features import read_features
from triad.modalities.flow import FlowFile
from triad.modalities.flow.storage.flow_file import FlowWriter
from triad.modalities.objects.object_file import describe_objects
from triad.modalities.safe_load import read_tensors
from triad.modalities.skeleton import get_layout
from triad.modalities.skeleton.pose_estimation.pose_file import describe_poses
from triad.modalities.skeleton.pose_loader import load_pose_arrays
from triad.modalities.video import read_frames

UNPACKED = 100 << 20
ALLOWED = 40 << 20
"""Bytes that refusing may take."""
CHUNK = bytes(1 << 20)


def write_archive(path: Path, name: str, header: bytes = b"") -> None:
    """Write an archive with one entry of zeros behind a header, a thousandth of their size."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as file:
        file.write(header)
        for _ in range(UNPACKED >> 20):
            file.write(CHUNK)


def array_header(dtype: str) -> bytes:
    file = io.BytesIO()
    shape = (UNPACKED // np.dtype(dtype).itemsize,)
    npy.write_array_header_1_0(file, {"descr": dtype, "fortran_order": False, "shape": shape})
    return file.getvalue()


def write_provenance_bomb(path: Path) -> None:
    """Write poses whose description is the bomb."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("keypoints.npy", npy_bytes(np.zeros((1, 1, 25, 3), np.float32)))
        for name in ("size", "counts"):
            archive.writestr(f"{name}.npy", npy_bytes(np.zeros(3, np.int64)))
        with archive.open("provenance.npy", "w") as file:
            file.write(array_header("|u1"))
            for _ in range(UNPACKED >> 20):
                file.write(CHUNK)


def npy_bytes(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def write_flow(path: Path, change: Callable[[bytes], bytes]) -> None:
    """Write stored flow of one field and change its bytes."""
    with FlowWriter(path, provenance={}) as writer:
        writer.add(np.zeros((1, 12, 16, 2), np.float32))
    path.write_bytes(change(path.read_bytes()))


def with_field_bomb(data: bytes) -> bytes:
    """Replace the payload of the only field, and move the table behind it."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    payload = b"".join([*(deflate.compress(CHUNK) for _ in range(UNPACKED >> 20)), deflate.flush()])
    start, end = table_of(data)
    assert start + len(payload) > end
    table = struct.pack("<QQ", start, start + len(payload))
    return data[:start] + payload + data[end : data.index(struct.pack("<QQ", start, end))] + table + footer_of(data)


def with_huge_field(data: bytes) -> bytes:
    """Claim 60,000 × 60,000 pixels in a file that is large enough for their ratio, most of it empty."""
    start, end = table_of(data)
    size = 16 << 20
    footer = footer_of(data).replace(struct.pack("<II", 12, 16), struct.pack("<II", 60_000, 60_000))
    assert footer != footer_of(data)
    table = struct.pack("<QQ", start, start + size)
    return data[:start] + bytes(size) + data[end : data.index(struct.pack("<QQ", start, end))] + table + footer


def table_of(data: bytes) -> tuple[int, int]:
    """Return where the only field begins and ends."""
    for position in range(len(data) - 16):
        start, end = struct.unpack_from("<QQ", data, position)
        if 0 < start < 64 and start < end < position:
            return start, end
    raise AssertionError("no table")


def footer_of(data: bytes) -> bytes:
    table = struct.pack("<QQ", *table_of(data))
    return data[data.index(table) + len(table) :]


def read_field(path: Path) -> np.ndarray:
    return FlowFile(path).read(np.array([0]))


def write_picture_folder(folder: Path, *, depth: int) -> None:
    """Write two pictures whose headers claim 30,000 × 30,000 pixels."""
    folder.mkdir()
    for number in (1, 2):
        header = struct.pack(">IIBBBBB", 30_000, 30_000, depth, 0, 0, 0, 0)
        chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(CHUNK)), (b"IEND", b"")]
        rows = [
            struct.pack(">I", len(of)) + kind + of + struct.pack(">I", zlib.crc32(kind + of)) for kind, of in chunks
        ]
        (folder / f"img_{number:05d}.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(rows))


def write_jhmdb(path: Path) -> None:
    (path / "splits").mkdir(parents=True)
    for number in (1, 2, 3):
        (path / f"splits/wave_test_split{number}.txt").write_text("clip.avi 1\n")
    write_archive(path / "joints.npz", "clip.npy", array_header("<f4"))


def write_index_of(path: Path, num: int) -> None:
    source = {"path": "a.mp4", "num": 3, "fps": 10.0}
    write_index(
        path,
        {"dataset": "d", "classes": ["x"], "streams": {"rgb": {"modality": "rgb"}}},
        [{"id": "a", "label": 0, "sources": {"rgb": source}}],
    )
    document = json.loads(path.read_text())
    document["data_list"][0]["sources"]["rgb"]["num"] = num
    path.write_text(json.dumps(document))


def bomb_of(name: str) -> Callable[[Path], None]:
    """Return the writer of an archive whose only array is the bomb."""
    return lambda path: write_archive(path, f"{name}.npy", array_header("<f4"))


TOO_LARGE = "unpack to at most"
BOMBS: dict[str, tuple[str, Callable[[Path], object], Callable[[Path], object], str]] = {
    "predictions": ("p.npz", bomb_of("ids"), Predictions.load, TOO_LARGE),
    "poses": ("a.npz", bomb_of("keypoints"), partial(load_pose_arrays, layout=get_layout("ntu25"), num=3), TOO_LARGE),
    "description of poses": ("a.npz", write_provenance_bomb, describe_poses, "be a readable pose file"),
    "objects": ("a.npz", bomb_of("boxes"), describe_objects, TOO_LARGE),
    "features": ("a.npz", bomb_of("features"), read_features, TOO_LARGE),
    "joints of J-HMDB": ("jhmdb", write_jhmdb, lambda path: prepare_jhmdb(path, path / "out"), TOO_LARGE),
    "true flow": ("t.npz", bomb_of("flow"), read_truth, TOO_LARGE),
    "weights": ("w.pth", bomb_of("w"), partial(read_tensors, subject="weights", cure="none"), TOO_LARGE),
    "fusion": ("f.skops", bomb_of("array_1"), load_fusion, TOO_LARGE),
    "flow": ("a.flow", partial(write_flow, change=with_field_bomb), read_field, "more than 384 codes"),
    "size of flow": ("a.flow", partial(write_flow, change=with_huge_field), FlowFile, "size that its bytes can hold"),
    "depth": ("d", partial(write_picture_folder, depth=16), partial(read_depth, indices=np.array([0])), "be a PNG"),
    "pictures": ("p", partial(write_picture_folder, depth=8), partial(read_frames, indices=[0]), "must be readable"),
    "index": ("index.json", partial(write_index_of, num=10**15), load_index, r"whole number from 1 to 1e\+08"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_unpacked(name, tmp_path):
    file_name, write, read, message = BOMBS[name]
    write(tmp_path / file_name)
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match=message) as info:
            read(tmp_path / file_name)
        assert tracemalloc.get_traced_memory()[1] < ALLOWED
    finally:
        tracemalloc.stop()
    assert "\n" not in str(info.value)


def test_damaged_truth_is_one_line(tmp_path):
    (tmp_path / "truth").mkdir()
    (tmp_path / "truth/a.npz").write_bytes(b"PK\x03\x04 damaged")
    index = Index(tmp_path, {"dataset": "d", "classes": ["x"], "streams": {}}, [])
    with pytest.raises(InputError, match=r"a.npz' must be a readable .npz, got BadZipFile"):
        truth_of(index, {"id": "a"})
