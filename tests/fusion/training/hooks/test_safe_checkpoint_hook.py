"""Old checkpoints are removed once the new one is written, not before."""

from pathlib import Path

from fusion.training.config import build_config
from fusion.training.hooks.safe_checkpoint_hook import _DeferredRemoval
from fusion.training.zoo import find_leaves

ROOT = Path(__file__).parents[4]


def test_removal_waits_until_asked(tmp_path):
    old = tmp_path / "epoch_1.pth"
    old.write_bytes(b"weights")
    backend = _DeferredRemoval()
    backend.remove(str(old))
    assert old.is_file()
    backend.remove_outdated()
    assert not old.exists()


def test_leaves_keep_best_mean_class_accuracy():
    for path in find_leaves(ROOT / "configs"):
        checkpoint = build_config(path).default_hooks["checkpoint"]
        assert (checkpoint["save_best"], checkpoint["rule"]) == ("mean_class_accuracy", "greater"), path
