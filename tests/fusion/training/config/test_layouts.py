"""A model built for one joint layout refuses another before anything runs and names the conversion."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from mmengine.config import Config

from triad.fusion.data import ActionDataset
from triad.fusion.models import Recognizer
from triad.fusion.training.checkpoints import check_weights
from triad.fusion.training.config import build_config
from triad.fusion.training.config.layouts import check_layouts, layouts_of
from triad.fusion.training.runner import build_runner, evaluate
from triad.modalities.atomic_files import read_arrays, write_arrays
from triad.modalities.checks import InputError
from triad.modalities.registry import DATASETS, MODELS
from triad.modalities.skeleton import get_layout

ROOT = Path(__file__).parents[4]


def small_config(*options: str, data: Path | None = None) -> Config:
    config = build_config(ROOT / "configs/skeleton/stgcnpp_minihome.py", options=options, data=data)
    config.streams.skeleton["num_frames"] = 4
    config.streams.skeleton["encoder"].update(widths=(16, 32, 32))
    for loader in (config.train_dataloader, config.val_dataloader, config.test_dataloader):
        loader.update(num_workers=0, persistent_workers=False)
    return config


def set_layouts(config: Config, **layouts: str) -> Config:
    """Set the layout of the skeleton's reader, transform or encoder."""
    for component, layout in layouts.items():
        config.streams.skeleton[component]["layout"] = layout
    return config


def copy_with_layout(data: Path, layout: str, out: Path) -> Path:
    """Copy a dataset with the joints of another layout, all at the position of the first joint."""
    shutil.copytree(data, out)
    num_joints = get_layout(layout).num_joints
    for path in (out / "skeleton").glob("*.npz"):
        keypoints = read_arrays(path, cure="")["keypoints"]
        keypoints = np.repeat(keypoints[:, :, :1], num_joints, axis=2)
        write_arrays(path, keypoints=keypoints, scores=np.ones(keypoints.shape[:3], np.float32))
    index = json.loads((out / "index.json").read_text())
    index["metainfo"]["streams"]["skeleton"]["layout"] = layout
    (out / "index.json").write_text(json.dumps(index))
    return out


@pytest.fixture(scope="module")
def ntu(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_with_layout(tiny, "ntu25", tmp_path_factory.mktemp("ntu") / "data")


@pytest.mark.parametrize(
    ("layouts", "message"),
    [
        (
            {"reader": "ntu25", "transform": "kinect20", "encoder": "kinect20"},
            r"transform.layout must be 'ntu25' as streams.skeleton.reader.layout, got 'kinect20'; "
            r"convert it: PoseReader\(layout='kinect20', convert_from='ntu25'\)",
        ),
        ({"encoder": "ntu25"}, r"encoder.layout must be 'minihome16' as streams.skeleton.reader.layout, got 'ntu25'"),
        ({"reader": "coco17"}, r"got 'minihome16'; 'coco17' has no depth to convert"),
        ({"encoder": "nut25"}, r"joint layout must be one of .*got 'nut25' \(did you mean 'ntu25'\?\)"),
    ],
)
def test_layouts_within_stream_must_agree(layouts: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        check_layouts(set_layouts(small_config(), **layouts).streams)


def test_dataset_of_other_layout_is_refused(ntu: Path) -> None:
    """Without ``--data`` the config keeps its layout, which the index contradicts."""
    config = small_config(f"data.index={ntu}")
    with pytest.raises(InputError, match=r"layout of stream 'skeleton' in '.*data' must be 'minihome16', got 'ntu25'"):
        DATASETS.build(config.train_dataloader.dataset)


def test_data_sets_layout_of_stream(ntu: Path) -> None:
    config = small_config(data=ntu)
    assert {config.streams.skeleton[name]["layout"] for name in ("reader", "transform", "encoder")} == {"ntu25"}
    assert layouts_of(MODELS.build(config.model)) == {"skeleton": "ntu25"}


def test_converting_reader_keeps_model_layout(ntu: Path) -> None:
    config = small_config("streams.skeleton.reader.convert_from=ntu25", data=ntu)
    model: Recognizer = MODELS.build(config.model)
    assert layouts_of(model) == {"skeleton": "minihome16"}
    dataset: ActionDataset = DATASETS.build(config.train_dataloader.dataset)
    assert dataset[0].clips["skeleton"].layout == "minihome16"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("kinect20", r"convert_from must be 'ntu25' as the data, got 'kinect20'; convert it: .*convert_from='ntu25'"),
        ("minihome16", r"convert_from must be 'ntu25' as the data, got 'minihome16'"),
    ],
)
def test_conversion_from_other_layout_is_refused(ntu: Path, source: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        small_config(f"streams.skeleton.reader.convert_from={source}", data=ntu)


def save_untrained(config: Config, work_dir: Path) -> Path:
    """Write a checkpoint as training does, with the initial weights."""
    config.work_dir = str(work_dir)
    runner = build_runner(config)
    runner.save_checkpoint(str(work_dir), "epoch_1.pth", save_optimizer=False, save_param_scheduler=False)
    return work_dir / "epoch_1.pth"


def test_checkpoint_of_other_layout_is_refused(tiny: Path, ntu: Path, tmp_path: Path) -> None:
    checkpoint = save_untrained(small_config(data=tiny), tmp_path / "home")
    assert torch.load(checkpoint, weights_only=True)["meta"]["layouts"] == {"skeleton": "minihome16"}
    with pytest.raises(
        InputError,
        match=r"checkpoint '.*epoch_1\.pth' must be trained on layout 'ntu25' of stream 'skeleton', got 'minihome16'; "
        r"convert it: PoseReader\(layout='minihome16', convert_from='ntu25'\)",
    ):
        evaluate(small_config(data=ntu), checkpoint, "test")
    converted = small_config("streams.skeleton.reader.convert_from=ntu25", data=ntu)
    assert len(evaluate(converted, checkpoint, "test")) > 0


def test_weights_of_equal_shapes_are_refused(ntu: Path, tmp_path: Path) -> None:
    """The two layouts of NTU differ in the bones of the hands alone."""
    checkpoint = save_untrained(small_config(data=ntu), tmp_path / "ntu")
    layouts: dict[str, Any] = dict.fromkeys(("reader", "transform", "encoder"), "ntu25_agcn")
    model = MODELS.build(set_layouts(small_config(), **layouts).model)
    with pytest.raises(InputError, match=r"trained on layout 'ntu25_agcn' of stream 'skeleton', got 'ntu25'; convert"):
        check_weights(model, checkpoint)


def test_config_of_other_dimensions_is_refused(tiny: Path) -> None:
    message = (
        r"must be for 3D joints in metres \('minihome16'\), as 'skeleton' in .* holds, got one for 2D joints in pixels "
        r"\('jhmdb15'\); take a config of 3D joints, as configs/skeleton/stgcnpp_nucla.py, or give yours with streams"
    )
    with pytest.raises(InputError, match=message):
        build_config(ROOT / "configs/skeleton/stgcnpp_jhmdb.py", data=tiny)
