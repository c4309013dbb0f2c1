"""A training starts from earlier weights by the names of its classes."""

import json

import pytest
import torch
from tool_runs import CONFIGS, IN_PROCESS, run_tool, twelve_clips

SMALL = ["streams.skeleton.num_frames=4", "streams.skeleton.encoder.widths=(16,)", *IN_PROCESS]
STILL = ["optim_wrapper.optimizer.lr=0.0", "param_scheduler=[]", "train_cfg.max_epochs=1", "train_cfg.val_interval=9"]
BIAS = "heads.skeleton.fc.bias"


@pytest.mark.parametrize("option", ["load_from", "model.pretrained.skeleton"])
def test_rows_of_the_classifier_follow_the_classes(tiny, tmp_path, option):
    data = twelve_clips(tiny, tmp_path / "data")
    words = ["--data", data, "--work-dir", tmp_path / "first", "--cfg-options", *SMALL, *STILL]
    assert run_tool("train.py", CONFIGS["skeleton"], *words) == 0
    document = json.loads((data / "index.json").read_text())
    document["metainfo"]["classes"] = ["right", "still", "left"]
    for record in document["data_list"]:
        record["label"] = [2, 0, 1][record["label"]]
    (data / "index.json").write_text(json.dumps(document))
    start = f"{option}={tmp_path / 'first/epoch_1.pth'}"
    words = ["--data", data, "--work-dir", tmp_path / "second", "--cfg-options", *SMALL, *STILL, start]
    assert run_tool("train.py", CONFIGS["skeleton"], *words) == 0
    first, second = (
        torch.load(tmp_path / name / "epoch_1.pth", weights_only=True)["state_dict"] for name in ("first", "second")
    )
    assert torch.equal(second[BIAS], first[BIAS][[1, 2, 0]])
    assert not torch.equal(second[BIAS], first[BIAS])
