"""Kind of a file in words, for messages about sound files of another kind than the one asked for."""

from __future__ import annotations

import zipfile
from pathlib import Path

SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (4, b"ftyp", "a video (MP4)"),
    (0, b"\x1aE\xdf\xa3", "a video (Matroska or WebM)"),
    (8, b"AVI ", "a video (AVI)"),
    (0, b"\x00\x00\x01\xba", "a video (MPEG)"),
    (8, b"WAVE", "sound (WAV)"),
    (0, b"ID3", "sound (MP3)"),
    (0, b"OggS", "sound or video (Ogg)"),
    (0, b"\xff\xd8\xff", "a picture (JPEG)"),
    (0, b"\x89PNG", "a picture (PNG)"),
    (0, b"GIF8", "a picture (GIF)"),
    (8, b"WEBP", "a picture (WebP)"),
    (0, b"BM", "a picture (BMP)"),
    (0, b"%PDF", "a PDF document"),
    (0, b"\x93NUMPY", "an array of numpy (.npy)"),
    (0, b"\x89HDF", "an HDF5 file"),
    (0, b"MATLAB 5.0", "a file of MATLAB"),
    (0, b"\x1f\x8b", "a gzip archive, to be unpacked first"),
    (0, b"7z\xbc\xaf", "a 7-Zip archive, to be unpacked first"),
    (0, b"Rar!", "a RAR archive, to be unpacked first"),
    (0, b"HIERARCHY", "motion capture (BVH)"),
    (0, b"\x02P", "motion capture (C3D)"),
    (257, b"ustar", "a tar archive, to be unpacked first"),
    (0, b"version https://git-lfs", "a pointer of Git LFS instead of the file"),
)
"""Offset, bytes there, and what such a file is."""
NPZ = "arrays of numpy (.npz)"
WEB_PAGES = (b"<!doctype", b"<html", b"<?xml")
HEAD_SIZE = 1024
MIN_TEXT = 16  # bytes; fewer may be the start of anything


def describe_kind(path: str | Path) -> str | None:
    """Return what a file is, recognised by its first bytes; None where they tell nothing or it cannot be read.

    Args:
        path: path of the file.
    """
    try:
        with Path(path).open("rb") as file:
            head = file.read(HEAD_SIZE)
    except OSError:
        return None
    kind = next((kind for offset, start, kind in SIGNATURES if head[offset:].startswith(start)), None)
    if kind is not None:
        return kind
    if head.startswith(b"PK\x03\x04"):
        return _describe_zip(path)
    if head[:1] == b"\x80" and head[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        return "a pickle of Python"
    if head[8:10] == b'{"' and not any(head[4:8]):
        return "weights (safetensors)"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.lower().startswith(WEB_PAGES):
        return "a web page instead of the file"
    if len(text) >= MIN_TEXT and b"\x00" not in text and _is_text(text):
        return "JSON" if text[:1] in (b"{", b"[") else "text"
    return None


def _describe_zip(path: str | Path) -> str | None:
    """Return what a zip archive holds; None where it is cut off."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None
    if any(name.endswith("constants.pkl") for name in names):
        return "a TorchScript program, which is code"
    if any(name.endswith("/data.pkl") for name in names):
        return "weights of PyTorch"
    if names and all(name.endswith(".npy") for name in names):
        return NPZ
    return "a zip archive, to be unpacked first"


def _is_text(head: bytes) -> bool:
    try:
        head[:-4].decode("utf-8") if len(head) >= HEAD_SIZE - 8 else head.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
