"""A skeleton leaf and options with which it trains within a second."""

from __future__ import annotations

from tool_runs import ROOT

LEAF = ROOT / "configs/skeleton/stgcnpp_minihome.py"
BRIEF = (
    "streams.skeleton.num_frames=4",
    "streams.skeleton.encoder.widths=(16,32,32)",
    "train_dataloader.num_workers=0",
    "train_dataloader.persistent_workers=False",
    "val_dataloader.num_workers=0",
    "train_cfg.max_epochs=2",
    "train_cfg.val_interval=1",
)
