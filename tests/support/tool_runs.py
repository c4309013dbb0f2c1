"""Shipped configs of the streams, a dataset of twelve clips, and tools run in this process."""

from __future__ import annotations

import json
import runpy
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = {
    "rgb": ROOT / "configs/rgb/r2plus1d_small_minihome.py",
    "flow_dis": ROOT / "configs/flow/r2plus1d_small_minihome.py",
    "skeleton": ROOT / "configs/skeleton/stgcnpp_minihome.py",
}
IN_PROCESS = ("train_dataloader.num_workers=0", "train_dataloader.persistent_workers=False")
"""Options that read data without worker processes."""


def run_tool(name: str, *words: object) -> int:
    """Run ``python tools/NAME …`` in this process and return its exit code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "tools"))
        patch.setattr(sys, "argv", [name, *map(str, words)])
        with pytest.raises(SystemExit) as exit_info:
            runpy.run_path(str(ROOT / "tools" / name), run_name="__main__")
    return exit_info.value.code


def twelve_clips(tiny: Path, out: Path) -> Path:
    """Copy twelve clips of the tiny dataset, four a class: subjects 1 and 3 train, 4 validates, 2 tests."""
    index = json.loads((tiny / "index.json").read_text())
    records = [record for record in index["data_list"] if record["subject"] in ("s01", "s02", "s03", "s04")]
    for record in records:
        for source in record["sources"].values():
            target = out / source["path"]
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(tiny / source["path"], target)
    (out / "index.json").write_text(json.dumps(index | {"data_list": records}))
    return out
