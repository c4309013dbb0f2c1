"""Files are named after what they are, never called damaged for being of another kind."""

import json
import zipfile

import cv2
import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from triad.modalities.atomic_files import read_arrays, read_json
from triad.modalities.checks import InputError
from triad.modalities.file_kinds import describe_kind
from triad.modalities.safe_load import read_tensors
from triad.modalities.video import iter_frames, write_video
from triad.modalities.weights import read_state_dict


@pytest.fixture
def files(tmp_path):
    write_video(tmp_path / "clip.mp4", np.zeros((2, 32, 32, 3), np.uint8), fps=5)
    torch.save({"a": torch.ones(1)}, tmp_path / "torch")
    np.savez(tmp_path / "arrays.npz", a=np.ones(1))
    with (tmp_path / "array").open("wb") as file:
        np.save(file, np.ones(1))
    save_file({"a": torch.ones(1)}, tmp_path / "safetensors")
    cv2.imwrite(str(tmp_path / "picture.png"), np.zeros((4, 4, 3), np.uint8))
    (tmp_path / "json").write_text(json.dumps([1] * 9))
    (tmp_path / "page").write_text("<!DOCTYPE html><title>")
    (tmp_path / "walk.c3d").write_bytes(b"\x02P\x05\0\x01\0" + bytes(100))
    (tmp_path / "text").write_text("Übung " * 400, "utf-8")
    (tmp_path / "noise").write_bytes(bytes(range(128, 256)) * 20)
    (tmp_path / "cut").write_bytes((tmp_path / "arrays.npz").read_bytes()[:60])
    with zipfile.ZipFile(tmp_path / "zip", "w") as archive:
        archive.writestr("clip.mp4", "")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("torch", "weights of PyTorch"),
        ("arrays.npz", "arrays of numpy (.npz)"),
        ("array", "an array of numpy (.npy)"),
        ("safetensors", "weights (safetensors)"),
        ("picture.png", "a picture (PNG)"),
        ("json", "JSON"),
        ("page", "a web page instead of the file"),
        ("text", "text"),
        ("walk.c3d", "motion capture (C3D)"),
        ("zip", "a zip archive, to be unpacked first"),
        ("noise", None),
        ("cut", None),
        ("none", None),
    ],
)
def test_kinds_are_recognised(files, name, kind):
    assert describe_kind(files / name) == kind


def test_sound_files_of_another_kind_are_named(files):
    video = files / "clip.mp4"
    readers = [
        (lambda: read_arrays(video, cure="x"), r"be a readable .npz, got a video \(MP4\)"),
        (lambda: read_json(video, cure="x"), r"be JSON, got a video \(MP4\)"),
        (lambda: read_tensors(video, subject="checkpoint", cure="x"), r"got a video \(MP4\)"),
        (lambda: read_arrays(files / "torch", cure="x"), "got weights of PyTorch"),
        (lambda: list(iter_frames(files / "torch")), "which is weights of PyTorch; give a video"),
        (lambda: list(iter_frames(files / "text")), "which is text; give a video"),
    ]
    for read, message in readers:
        with pytest.raises(InputError, match=message) as error:
            read()
        assert "damaged" not in str(error.value)


def test_misnamed_safetensors_are_named(files):
    path = files / "weights.safetensors"
    path.write_bytes((files / "torch").read_bytes())
    with pytest.raises(InputError, match="be a safetensors file, got weights of PyTorch"):
        read_state_dict(path, subject="weights", cure="rename it")
