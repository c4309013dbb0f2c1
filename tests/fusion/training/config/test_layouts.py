"""A model built for one joint layout refuses another before anything runs, and says how to convert."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from mmengine.config import Config

from fusion.data.dataset import ActionDataset
from fusion.models import Recognizer
from fusion.training.checkpoints import check_weights
from fusion.training.config import build_config
from fusion.training.config.layouts import check_layouts, layouts_of
from fusion.training.runner import build_runner, evaluate
from modalities.atomic_files import read_arrays, write_arrays
from modalities.checks import InputError
from modalities.registry import DATASETS, MODELS
from modalities.skeleton.layouts import get_layout

ROOT = Path(__file__).parents[4]


def settings(*options: str, data: Path | None = None) -> Config:
    config = build_config(ROOT / "configs/skeleton/stgcnpp_minihome.py", options=options, data=data)
    config.streams.skeleton["num_frames"] = 4
    config.streams.skeleton["encoder"].update(widths=(16, 32, 32))
    for loader in (config.train_dataloader, config.val_dataloader, config.test_dataloader):
        loader.update(num_workers=0, persistent_workers=False)
    return config


def of_layout(config: Config, **layouts: str) -> Config:
    for part, layout in layouts.items():
        config.streams.skeleton[part]["layout"] = layout
    return config


def dataset_of(data: Path, layout: str, out: Path) -> Path:
    """The tiny dataset with as many joints as the layout has, all where the first was."""
    shutil.copytree(data, out)
    known = get_layout(layout)
    for path in (out / "skeleton").glob("*.npz"):
        keypoints = read_arrays(path, cure="")["keypoints"]
        keypoints = np.repeat(keypoints[:, :, :1], known.num_joints, axis=2)
        write_arrays(path, keypoints=keypoints, scores=np.ones(keypoints.shape[:3], np.float32))
    index = json.loads((out / "index.json").read_text())
    index["metainfo"]["streams"]["skeleton"]["layout"] = layout
    (out / "index.json").write_text(json.dumps(index))
    return out


@pytest.fixture(scope="module")
def ntu(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return dataset_of(tiny, "ntu25", tmp_path_factory.mktemp("ntu") / "data")


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
def test_parts_of_a_stream_agree(layouts: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        check_layouts(of_layout(settings(), **layouts).streams)


def test_a_dataset_of_another_layout_is_refused_before_it_is_read(ntu: Path) -> None:
    """Without ``--data`` the config keeps its layout; the index says what lies there."""
    config = settings(f"data.index={ntu}")
    with pytest.raises(InputError, match=r"layout of stream 'skeleton' in '.*data' must be 'minihome16', got 'ntu25'"):
        DATASETS.build(config.train_dataloader.dataset)


def test_data_gives_its_layout_to_every_part(ntu: Path) -> None:
    config = settings(data=ntu)
    assert {config.streams.skeleton[part]["layout"] for part in ("reader", "transform", "encoder")} == {"ntu25"}
    assert layouts_of(MODELS.build(config.model)) == {"skeleton": "ntu25"}


def test_a_reader_that_converts_keeps_the_layout_of_its_model(ntu: Path) -> None:
    config = settings("streams.skeleton.reader.convert_from=ntu25", data=ntu)
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
def test_a_reader_that_converts_from_something_else(ntu: Path, source: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        settings(f"streams.skeleton.reader.convert_from={source}", data=ntu)


def trained(config: Config, work: Path) -> Path:
    """A checkpoint as training writes it, without having trained."""
    config.work_dir = str(work)
    runner = build_runner(config)
    runner.save_checkpoint(str(work), "epoch_1.pth", save_optimizer=False, save_param_scheduler=False)
    return work / "epoch_1.pth"


def test_a_checkpoint_of_another_layout(tiny: Path, ntu: Path, tmp_path: Path) -> None:
    checkpoint = trained(settings(data=tiny), tmp_path / "home")
    assert torch.load(checkpoint, weights_only=True)["meta"]["layouts"] == {"skeleton": "minihome16"}
    with pytest.raises(
        InputError,
        match=r"checkpoint '.*epoch_1\.pth' must be trained on layout 'ntu25' of stream 'skeleton', got 'minihome16'; "
        r"convert it: PoseReader\(layout='minihome16', convert_from='ntu25'\)",
    ):
        evaluate(settings(data=ntu), checkpoint, "test")
    cured = settings("streams.skeleton.reader.convert_from=ntu25", data=ntu)
    assert len(evaluate(cured, checkpoint, "test")) > 0


def test_weights_of_the_right_shapes_are_refused_too(ntu: Path, tmp_path: Path) -> None:
    """The two conventions of NTU's hands differ in bones alone."""
    checkpoint = trained(settings(data=ntu), tmp_path / "ntu")
    parts: dict[str, Any] = dict.fromkeys(("reader", "transform", "encoder"), "ntu25_agcn")
    model = MODELS.build(of_layout(settings(), **parts).model)
    with pytest.raises(InputError, match=r"trained on layout 'ntu25_agcn' of stream 'skeleton', got 'ntu25'; convert"):
        check_weights(model, checkpoint)
