"""A trained model and its dataset, loaded without a Runner."""

import pytest
import torch
from tool_runs import CONFIGS

from triad.fusion.training.config import build_config
from triad.fusion.training.loading import load_dataset, load_model
from triad.modalities.checks import InputError
from triad.modalities.registry import MODELS

NARROW = ("streams.skeleton.num_frames=4", "streams.skeleton.encoder.widths=(16,)")


@pytest.fixture
def config(tiny):
    return build_config(CONFIGS["skeleton"], options=NARROW, data=tiny)


def test_model_gets_weights_of_work_folder(config, tmp_path):
    weights = MODELS.build(config.model).state_dict()
    torch.save({"state_dict": weights}, tmp_path / "epoch_3.pth")
    (tmp_path / "last_checkpoint").write_text("epoch_3.pth")
    model = load_model(config, tmp_path)
    assert not model.training
    assert all(torch.equal(value.cpu(), weights[name]) for name, value in model.state_dict().items())


def test_weights_to_start_from_are_ignored(config, tmp_path):
    """The checkpoint that training started from may have been deleted."""
    torch.save({"state_dict": MODELS.build(config.model).state_dict()}, tmp_path / "trained.pth")
    config.model["pretrained"] = {"skeleton": str(tmp_path / "deleted.pth")}
    load_model(config, tmp_path / "trained.pth")


def test_checkpoint_of_other_model_is_refused(config, tmp_path, tiny):
    torch.save({"state_dict": MODELS.build(config.model).state_dict()}, tmp_path / "narrow.pth")
    wide = build_config(CONFIGS["skeleton"], data=tiny)
    with pytest.raises(InputError, match=r"of checkpoint '.*narrow\.pth' must have shape"):
        load_model(wide, tmp_path / "narrow.pth")


def test_dataset_has_records_of_split(config):
    assert [len(load_dataset(config, split)) for split in ("train", "val", "test")] == [27, 9, 24]
