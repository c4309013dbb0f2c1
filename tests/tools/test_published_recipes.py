"""The recipes for Toyota Smarthome and NTU RGB+D, of which this project has no data, on small trees in their names.

Each is prepared, trained for two iterations on shortened clips, and tested, by the commands that its config gives.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from dataset_files import write_clip, write_lcrnet, write_ntu
from tool_runs import IN_PROCESS, ROOT

FRAMES = 24
SMARTHOME = {
    "train": (
        "Cook.Cleandishes_p03_r00_v02_c03",
        "Walk_p03_r01_v03_c01",
        "Usetablet_p04_r00_v01_c06",
        "Walk_p06_r00_v01_c02",
    ),
    "val": ("WatchTV_p25_r03_v05_c05", "Walk_p25_r00_v01_c01"),
    "test": ("Cutbread_p02_r00_v10_c02", "Walk_p10_r01_v01_c04"),
}
NTU = {
    "train": ("S001C001P001R001A001", "S001C002P001R001A008", "S002C001P002R001A001", "S002C002P002R001A008"),
    "val": ("S005C001P004R001A001", "S005C001P004R001A008"),
    "test": ("S001C001P003R001A001", "S001C001P003R001A008"),
}
SHORT = ("train_cfg.max_epochs=1", "train_cfg.val_interval=9", "train_dataloader.batch_size=2", *IN_PROCESS)
SMALL_RGB = ("streams.rgb.num_frames=16", "streams.rgb.transform.size=[112,112]")
RECIPES = {
    "fusion/separable_sta_smarthome": SMALL_RGB,
    "fusion/vpn_smarthome": SMALL_RGB,
    "fusion/vpn_plus_plus_smarthome": SMALL_RGB,
    "fusion/pi_vit_smarthome": (),
    "skeleton/agcn_smarthome": (),
    "fusion/vpn_ntu60": SMALL_RGB,
    "fusion/pi_vit_ntu60": (),
    "skeleton/sta_lstm_ntu60": (),
    "skeleton/stgcnpp_ntu60": (),
    "skeleton/ctrgcn_ntu60": (),
}


def write_smarthome(source: Path) -> Path:
    names = [name for split in SMARTHOME.values() for name in split]
    for number, name in enumerate(names):
        write_clip(source / f"mp4/{name}.mp4", frames=FRAMES, fps=20)
        write_lcrnet(source / f"skeletonv12/{name}_pose3d.json", frames=FRAMES, first=float(number))
    return source


def write_ntu60(source: Path) -> Path:
    for name in [name for split in NTU.values() for name in split]:
        write_clip(source / f"nturgb+d_rgb/{name}_rgb.avi", frames=FRAMES, fps=30)
        write_ntu(source / f"nturgb+d_skeletons/{name}.skeleton", frames=FRAMES)
    return source


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the folder of each dataset's small tree as published."""
    folder = tmp_path_factory.mktemp("published")
    return {
        "smarthome": write_smarthome(folder / "smarthome"),
        "ntu60": write_ntu60(folder / "ntu60"),
    }


@pytest.mark.slow
@pytest.mark.parametrize("recipe", RECIPES)
def test_recipe_trains_and_tests(command, prepared, tmp_path, recipe):
    dataset = recipe.rpartition("_")[2]
    data = tmp_path / "data"
    code, _, err = command("prepare.py", dataset, prepared[dataset], data)
    assert code == 0, err
    config = ROOT / "configs" / f"{recipe}.py"
    options = ("--cfg-options", *SHORT, *RECIPES[recipe])
    code, _, err = command("train.py", config, "--data", data, "--work-dir", tmp_path / "work", *options)
    assert code == 0, err
    assert "Epoch(train) [1][2/2]" in err.replace("Epoch(train)  ", "Epoch(train) ")
    code, out, err = command("test.py", config, tmp_path / "work", "--data", data, "--last", *options)
    assert code == 0, err
    assert "mean_class_accuracy" in out + err
