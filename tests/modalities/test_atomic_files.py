import errno
import io
import tracemalloc
import zipfile

import numpy as np
import pytest
from numpy.lib import format as npy

from triad.modalities.atomic_files import (
    StorageError,
    atomic_write,
    read_arrays,
    read_json,
    sha256_of,
    to_storage_error,
    write_arrays,
    write_json,
)
from triad.modalities.checks import InputError
from triad.modalities.partial_files import remove_partial_files


def write_half(path):
    with atomic_write(path) as temporary:
        temporary.write_text("half")
        raise RuntimeError


def test_failed_write_keeps_the_old_file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(RuntimeError):
        write_half(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def write_to_a_full_disk(path):
    with atomic_write(path):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_full_disk_names_the_cure(tmp_path):
    with pytest.raises(InputError, match=r"No space left on device; make room .* what is finished is kept"):
        write_to_a_full_disk(tmp_path / "a")


def test_equal_content_is_equal_bytes(tmp_path):
    write_json(tmp_path / "a.json", {"b": 1, "a": "é"})
    write_json(tmp_path / "b.json", {"a": "é", "b": 1})
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    for name in ("a.npz", "b.npz"):
        write_arrays(tmp_path / name, x=np.arange(3))
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_damaged_files_are_named(tmp_path):
    (tmp_path / "a.json").write_text("{")
    with pytest.raises(InputError, match=r"a.json' must be JSON, got .*line 1.*; cure"):
        read_json(tmp_path / "a.json", cure="cure")
    for text in ("[" * 100_000, "9" * 10_000):
        (tmp_path / "a.json").write_text(text)
        with pytest.raises(InputError, match=r"a.json' must be JSON, got .*; cure"):
            read_json(tmp_path / "a.json", cure="cure")
    (tmp_path / "a.npz").write_bytes(b"PK\x03\x04broken")
    with pytest.raises(InputError, match=r"a.npz' must be a readable .npz"):
        read_arrays(tmp_path / "a.npz", cure="cure")


def test_pickles_are_not_executed(tmp_path):
    np.savez(tmp_path / "a.npz", x=np.array([{"a": 1}], object))
    with pytest.raises(InputError, match=r"readable .npz, got ValueError: Object arrays cannot be loaded"):
        read_arrays(tmp_path / "a.npz", cure="cure")


def npy_bytes(shape, size):
    """Return an array file whose header claims a shape, with ``size`` bytes of zeros after it."""
    file = io.BytesIO()
    npy.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": shape})
    return file.getvalue() + bytes(size)


@pytest.mark.parametrize(
    ("name", "claimed", "size", "message"),
    [
        ("x.npy", 80 << 20, 80 << 20, r"must unpack to at most \d+ bytes, 50 times .*write it uncompressed, or cure"),
        ("x.npy", 1 << 40, 8, r"array 'x.npy' of .*a.npz' must be whole, got \d+ bytes for \[1099511627776\]"),
        ("x.txt", 8, 8, r"must be a readable .npz, got a zip archive, to be unpacked first"),
    ],
)
def test_archives_are_judged_before_unpacking(tmp_path, name, claimed, size, message):
    with zipfile.ZipFile(tmp_path / "a.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, npy_bytes((claimed,), size))
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match=message):
            read_arrays(tmp_path / "a.npz", cure="cure")
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


def test_changed_bytes_are_noticed(tmp_path):
    write_arrays(tmp_path / "a.npz", x=np.full(1000, 7, np.uint8))
    data = (tmp_path / "a.npz").read_bytes()
    (tmp_path / "a.npz").write_bytes(data.replace(b"\x07" * 1000, b"\x07" * 999 + b"\x08"))
    with pytest.raises(InputError, match=r"readable .npz, got BadZipFile: Bad CRC-32"):
        read_arrays(tmp_path / "a.npz", cure="cure")


def test_named_partial_files_are_removed(tmp_path):
    for name in (".a.0123abcd.partial.npz", ".b.0123abcd.partial.npz", "a.npz"):
        (tmp_path / name).write_text("half")
    remove_partial_files(tmp_path, {"a"})
    assert sorted(path.name for path in tmp_path.iterdir()) == [".b.0123abcd.partial.npz", "a.npz"]


def test_without_replacing_the_first_file_stays(tmp_path):
    write_json(tmp_path / "a.json", 1)
    write_json(tmp_path / "a.json", 2, replace=False)
    assert read_json(tmp_path / "a.json", cure="cure") == 1


def test_only_write_errors_are_storage_errors():
    assert isinstance(to_storage_error(OSError(errno.EACCES, "no"), "a"), StorageError)
    assert to_storage_error(OSError(errno.ENOENT, "no"), "a") is None


def test_sha256_of_known_bytes(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256_of(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_entries_claim_no_more_than_the_archive(tmp_path):
    """zipfile allocates the compressed bytes that an entry claims before it reads them."""
    with zipfile.ZipFile(tmp_path / "a.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.npy", npy_bytes((8,), 8))
        directory = archive.start_dir if archive.fp is None else archive.fp.tell()
    data = bytearray((tmp_path / "a.npz").read_bytes())
    data[directory + 20 : directory + 24] = (1 << 30).to_bytes(4, "little")
    (tmp_path / "a.npz").write_bytes(data)
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match=r"entries within its \d+ bytes, got 1073741824 bytes of 'x.npy'; cure"):
            read_arrays(tmp_path / "a.npz", cure="cure")
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()
