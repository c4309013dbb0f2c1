import json
import pickle
from pathlib import Path

import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.skeleton import Poses, convert, get_layout, load_layout, register_definition
from triad.modalities.skeleton.encoders import StGcn
from triad.modalities.skeleton.layouts import custom_definition, define_layout, registry
from triad.modalities.skeleton.layouts.definition import parse_layout

JOINTS = ["pelvis", "left_hip", "right_hip", "left_knee", "tail"]
PARENTS = [None, "pelvis", "pelvis", "left_hip", "pelvis"]


@pytest.fixture(autouse=True)
def own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_defined", {})
    monkeypatch.setattr(registry, "_variants", {})


def write(folder: Path, **changes: object) -> Path:
    path = folder / "animal.json"
    path.write_text(json.dumps({"name": "animal", "joints": JOINTS, "parents": PARENTS, "dims": 2, **changes}))
    return path


def test_file_defines_tree_and_mirror(tmp_path: Path) -> None:
    layout = load_layout(write(tmp_path))
    assert layout.parents == (-1, 0, 0, 1, 0)
    assert layout.mirror == ((1, 2),)
    assert layout.dims == 2
    assert get_layout("animal") is layout


def test_toml_with_bones_by_joint(tmp_path: Path) -> None:
    text = 'joints = ["a", "b", "c"]\nroot = "b"\nmirror = [["a", "c"]]\ndims = 3\n[parents]\na = "b"\nc = "b"\n'
    (tmp_path / "toml_layout.toml").write_text(text)
    layout = load_layout(tmp_path / "toml_layout.toml")
    assert (layout.name, layout.parents, layout.mirror) == ("toml_layout", (1, -1, 1), ((0, 2),))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"joints": []}, r"joints of layout '.*' must be a list of 1–1000 names, got \[\]"),
        ({"joints": {"a": 1}}, "must be a list of 1–1000 names"),
        ({"parents": [None]}, "parents of layout '.*' must be 5, one a joint, got 1"),
        ({"parents": [None, "pelvis", "pelvis", "left_hop", "pelvis"]}, r"did you mean 'left_hip'"),
        ({"parents": ["tail", "pelvis", "pelvis", "left_hip", "pelvis"]}, r"must have one root \(-1\), got 0"),
        ({"mirror": [["left_hip"]]}, "must be pairs of joints"),
        ({"mirror": 3}, "mirror of layout '.*' must be lists of joints"),
        ({"dims": 4}, "must be 2 or 3, got 4"),
        ({"name": "../x"}, "name of layout '.*' must be up to 60 letters"),
        ({"name": "coco17"}, "must have a name of its own, got 'coco17' for other joints"),
        ({"bones": []}, "field of layout"),
    ],
)
def test_wrong_definition_is_named(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_layout(write(tmp_path, **changes))


@pytest.mark.parametrize("content", [b"", b"[1]", b"\xff\xfe{", b"[" * 100_000, b"{" + b" " * (1 << 20) + b"}"])
def test_any_bytes_give_one_line(tmp_path: Path, content: bytes) -> None:
    for name in ("x.json", "x.toml"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError) as caught:
            load_layout(tmp_path / name)
        assert len(str(caught.value).splitlines()) == 1


def test_definition_travels(tmp_path: Path) -> None:
    layout = load_layout(write(tmp_path))
    definition = custom_definition("animal")
    assert definition is not None
    assert parse_layout(json.loads(json.dumps(definition)), subject="x") == layout
    assert register_definition(definition, subject="x") is layout
    assert pickle.loads(pickle.dumps(layout)) is layout
    assert custom_definition("coco17") is custom_definition("ntu25_2d") is None
    assert custom_definition("animal_3d") == definition


def test_builtin_layouts_survive_definition() -> None:
    layout = get_layout("halpe26")
    assert parse_layout(define_layout(layout), subject="x") == layout


def test_every_layout_has_both_dimensions() -> None:
    flat = get_layout("ntu25_2d")
    assert (flat.dims, flat.joints, flat.parents) == (2, get_layout("ntu25").joints, get_layout("ntu25").parents)
    assert get_layout("ntu25_2d") is flat
    assert get_layout("ntu25_3d") is get_layout("ntu25")
    assert get_layout("openpose25_3d").dims == 3


def test_own_layout_converts_by_name(tmp_path: Path) -> None:
    load_layout(write(tmp_path))
    joints = torch.arange(17 * 2).float().view(1, 1, 17, 2).numpy() + 1
    converted = convert(Poses(joints, joints[..., 0] * 0 + 1, "coco17"), to="animal")
    left = get_layout("coco17").index("left_knee")
    assert converted.keypoints[0, 0, 3].tolist() == joints[0, 0, left].tolist()
    assert converted.scores[0, 0].tolist() == [1, 1, 1, 1, 0]


def test_gcn_trains_on_own_layout(tmp_path: Path) -> None:
    load_layout(write(tmp_path))
    encoder = StGcn(in_channels=2, layout="animal", widths=(16,) * 10, partition="spatial")
    data = torch.rand(2, 1, 2, 8, 5, requires_grad=True)  # [B, M, C, T, V]
    encoder(data, torch.ones(2, 1, 8, dtype=torch.bool)).map.sum().backward()
    assert data.grad is not None
