"""Mistakes in configs, options and checkpoints are found before anything runs, and the nearest right one is named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).resolve().parents[2]
MODEL = "model = dict("
STREAMS = "streams = dict("
IMPORT = "from triad.fusion.models import Recognizer"


@pytest.mark.parametrize(
    ("line", "mistake", "messages"),
    [
        (MODEL, "modle = dict(", ["define streams, data and model, got none for model (did you mean 'modle'?)"]),
        (STREAMS, "optim_wraper = {}", ["got 'optim_wraper' (did you mean 'optim_wrapper'?)"]),
        ("num_classes=", "num_clases=", ["field of config 'model' (Recognizer)", "(did you mean 'num_classes'?)"]),
        (STREAMS, "skeleton.encoder.update(wdths=[16])", ["(StGcnPlusPlus)", "(did you mean 'widths'?)"]),
        (
            STREAMS,
            "skeleton.num_frame = 8",
            ["field of config 'streams.skeleton'", "(did you mean 'num_frames'?)"],
        ),
        (STREAMS, "skeleton.reader.pop('layout')", [".skeleton.reader' (PoseReader) must have 'layout'"]),
        (STREAMS, "train_dataloader.batchsize = 8", ["config 'train_dataloader'", "(did you mean 'batch_size'?)"]),
        (
            STREAMS,
            "train_dataloader.dataset.temporal_sampler.update(min_span_rato=1)",
            ["dataset.temporal_sampler' (TemporalSampler)", "(did you mean 'min_span_ratio'?)"],
        ),
        (STREAMS, "optim_wrapper.optimizer.update(lrr=1)", ["(AdamW)", "(did you mean 'lr'?)"]),
        (STREAMS, "param_scheduler[0].update(eta_mx=1)", ["'param_scheduler.0' (OneCycleLR)", "mean 'eta_max'?)"]),
        (
            IMPORT,
            "from triad.fusion.models import Recogniser",
            ["ImportError: Failed to import Recogniser from triad.fusion"],
        ),
        (STREAMS, "x = = 1", ["cannot be read: SyntaxError: invalid syntax"]),
    ],
)
def test_config_mistakes_name_the_nearest(command, recipes, one_line, data, tmp_path, line, mistake, messages):
    shutil.copytree(ROOT / "configs", tmp_path / "configs")
    config = tmp_path / "configs/skeleton/mistaken.py"
    text = recipes["skeleton"][0].read_text()
    assert line in text
    text = text.replace("Recognizer,", "Recogniser,") if line == IMPORT else text
    replacement = mistake if line != STREAMS else f"{mistake}\n{line}"
    config.write_text(text.replace(line, replacement, 1))
    code, out, err = command("train.py", config, "--data", data, "--work-dir", tmp_path / "work")
    assert (code, out) == (1, "")
    assert all(message in one_line(err) for message in messages), err
    assert not (tmp_path / "work").exists()


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("train_cfg.max_epoch=3", "got 'max_epoch' (did you mean 'max_epochs'?)"),
        (
            "streams.skelton.num_frames=3",
            "name a field of 'streams': skeleton, got 'skelton' (did you mean 'skeleton'?)",
        ),
        ("model.dropuot=0.1", "got 'dropuot' (did you mean 'dropout'?)"),
        ("data.protocol=cross_subjekt", "protocol of minihome must be one of cross_subject, cross_view, got"),
        ("train_cfg.max_epochs", "config option must be KEY=VALUE, got 'train_cfg.max_epochs'"),
        ("train_cfg.max_epochs=many", "config option 'train_cfg.max_epochs' must be a number, as"),
    ],
)
def test_option_mistakes_name_the_nearest(train, one_line, data, option, message):
    code, err = train("skeleton", data, option)
    assert code == 1
    assert message in one_line(err)


def test_options_set_unwritten_class_arguments(train, data):
    code, err = train("skeleton", data, "model.label_smoothing=0.2", "param_scheduler.0.div_factor=9")
    assert code == 0, err
    text = (data.parent / "skeleton/stgcnpp_minihome.py").read_text()
    assert "label_smoothing=0.2" in text
    assert "div_factor=9" in text


def test_dumped_config_trains_again(command, train, data, tmp_path):
    """The config in a work folder holds all settings, with classes as names."""
    assert train("skeleton", data)[0] == 0
    dumped = tmp_path / "skeleton/stgcnpp_minihome.py"
    code, _, err = command("train.py", dumped, "--work-dir", tmp_path / "second")
    assert code == 0, err
    weights, second_weights = (
        torch.load(tmp_path / name / "epoch_1.pth", weights_only=True)["state_dict"] for name in ("skeleton", "second")
    )
    assert all(torch.equal(weights[name], value) for name, value in second_weights.items())


def test_misspelt_class_in_dumped_config(command, train, data, tmp_path):
    assert train("skeleton", data)[0] == 0
    dumped = tmp_path / "skeleton/stgcnpp_minihome.py"
    (tmp_path / "bad.py").write_text(
        dumped.read_text().replace("triad.fusion.models.Recognizer", "triad.fusion.models.Recogniser")
    )
    code, _, err = command("train.py", tmp_path / "bad.py", "--work-dir", tmp_path / "bad")
    assert code == 1
    assert "cannot be read: ImportError: Failed to import Recogniser from triad.fusion.models" in err


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (ROOT / "README.md", "cannot be read: OSError: Only py/yml/yaml/json type are supported now!"),
        (Path("index.json"), "must define streams, data and model"),
        (Path("none.py"), "which does not exist; `triad zoo` lists what is shipped"),
        (ROOT / "tests/data/cases/trust/evil.yaml", "must be plain YAML, got could not determine a constructor"),
    ],
)
def test_files_without_config_are_refused(command, one_line, data, path, message):
    code, _, err = command("train.py", data / path, "--data", data)
    assert code == 1
    assert f"'{data / path}'" in one_line(err)
    assert message in one_line(err)


def test_unfit_checkpoints_are_refused(command, train, recipes, one_line, data, tmp_path):
    assert train("skeleton", data)[0] == 0
    trained = tmp_path / "skeleton/epoch_1.pth"
    cut = tmp_path / "cut.pth"
    foreign = tmp_path / "foreign.pth"
    cut.write_bytes(trained.read_bytes()[:1000])
    torch.save({"weights": 1}, foreign)
    small = recipes["skeleton"][1]
    for stream, checkpoint, options, message in (
        ("rgb", trained, recipes["rgb"][1], f"of checkpoint '{trained}' must have shape [16, 3, 1, 5, 5], got nothing"),
        ("skeleton", trained, small[:1], "give the config and the --cfg-options that it was trained with"),
        ("skeleton", cut, small, f"checkpoint '{cut}' must load with weights_only=True"),
        ("skeleton", foreign, small, f"checkpoint '{foreign}' must hold a 'state_dict'"),
        ("skeleton", tmp_path / "none.pth", small, "none.pth', which does not exist; train the config first"),
        ("skeleton", tmp_path, small, "be the work folder of a training, with last_checkpoint, got cut.pth"),
    ):
        code, out, err = command("test.py", recipes[stream][0], checkpoint, "--data", data, "--cfg-options", *options)
        assert (code, out) == (1, "")
        assert message in one_line(err)
    wider = [*small, "streams.skeleton.encoder.widths=(24,48,48)"]
    words = ["--data", data, "--work-dir", tmp_path / "skeleton", "--resume", "--cfg-options", *wider]
    code, _, err = command("train.py", recipes["skeleton"][0], *words)
    assert code == 1
    assert f"of checkpoint '{trained}' must have shape" in one_line(err)
