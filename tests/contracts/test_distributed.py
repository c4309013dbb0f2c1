"""Two processes on the CPU train to equal weights, also when one of them lacks a stream."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from mmengine.model import MMDistributedDataParallel
from mmengine.optim import OptimWrapper
from tiny_recognizer import ATTENTION, STREAM
from torch import multiprocessing

from triad.fusion.attention import SeparableSTA
from triad.fusion.models import Recognizer
from triad.fusion.predictions import Predictions

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT = 120  # seconds, after which hanging processes are killed


def build_model(attention: bool) -> Recognizer:
    modules = [{"type": SeparableSTA, **ATTENTION}] if attention else []
    return Recognizer(num_classes=5, streams={"rgb": STREAM, "flow": STREAM}, attention=modules)


def make_batch(present: dict[str, bool], seed: int) -> dict:
    """Make a batch of three samples with random data.

    Args:
        present: whether the samples have the stream, by its name.
        seed: seed of the data.
    """
    generator = torch.Generator().manual_seed(seed)
    streams = {
        name: {
            "data": torch.randn(3, 3, 2, 4, 4, generator=generator),
            "valid": torch.ones(3, 2, dtype=torch.bool),
            "present": torch.full((3,), is_present),
        }
        for name, is_present in present.items()
    }
    return streams | {"label": torch.arange(3), "view": {}}


CASES = ((False, "flow"), (True, "flow"), (True, "rgb"))
"""Whether the model has attention, and the stream that the second process lacks."""


def train(rank: int, attention: bool, absent: str) -> dict[str, dict[str, torch.Tensor]]:
    """Take two steps and return all parameters at the start and at the end.

    The second process never has the stream ``absent``; at the second step neither has it.
    """
    torch.manual_seed(rank)  # the wrapper must make unequal weights equal
    model = MMDistributedDataParallel(module=build_model(attention).train(), broadcast_buffers=False)
    optimizer = OptimWrapper(torch.optim.SGD(model.parameters(), lr=0.1))
    start = {name: value.detach().clone() for name, value in model.module.named_parameters()}
    for step in range(2):
        present = {name: name != absent or (rank == 0 and step == 0) for name in ("rgb", "flow")}
        model.train_step(make_batch(present, seed=10 * step + rank), optimizer)
    return {"start": start, "end": {name: value.detach() for name, value in model.module.named_parameters()}}


def run_process(rank: int, folder: str) -> None:
    """Train all cases in one of the two processes and write the weights."""
    torch.set_num_threads(1)
    torch.distributed.init_process_group("gloo", init_method=f"file://{folder}/rendezvous", rank=rank, world_size=2)
    torch.save([train(rank, *case) for case in CASES], f"{folder}/{rank}.pth")
    torch.distributed.destroy_process_group()


def test_absent_stream_stops_no_process(tmp_path):
    context = multiprocessing.start_processes(run_process, (str(tmp_path),), nprocs=2, join=False, start_method="spawn")
    try:
        assert context.join(TIMEOUT) or context.join(TIMEOUT), "the processes wait for each other"
    finally:
        for process in context.processes:
            process.kill()
    results = (torch.load(tmp_path / f"{rank}.pth", weights_only=True) for rank in range(2))
    for case, first, second in zip(CASES, *results, strict=True):
        start = first["start"]
        end = first["end"]
        assert all(torch.equal(end[name], second["end"][name]) for name in end), case
        changed = {name for name in end if not torch.equal(start[name], end[name])}
        assert {"encoders.rgb.conv.weight", "encoders.flow.conv.weight", "heads.rgb.fc.weight"} <= changed, case
        assert ("attention.0.spatial.0.weight" in changed) == case[0], case


SMALL = ["streams.skeleton.num_frames=8", "streams.skeleton.encoder.widths=(16,16,32)"]


def torchrun(*words: object, cwd: Path) -> str:
    """Run two processes of a tool as a user starts them, and return their standard output."""
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2", *map(str, words)]
    process = subprocess.run(
        command, cwd=cwd, text=True, capture_output=True, timeout=2 * TIMEOUT, env=os.environ | {"OMP_NUM_THREADS": "1"}
    )
    assert process.returncode == 0, process.stderr
    return process.stdout


@pytest.mark.slow
def test_torchrun_equals_one_process(tiny, tmp_path):
    """With 23 test samples one process gets a padded sample, which must not appear in the predictions twice."""
    config = ROOT / "configs/skeleton/stgcnpp_minihome.py"
    index = json.loads((tiny / "index.json").read_text())
    index["data_list"] = [record for record in index["data_list"] if record["id"] != "left_s02"]
    for entry in index["data_list"]:
        for source in entry["sources"].values():
            source["path"] = str(tiny / source["path"])
    (tmp_path / "index.json").write_text(json.dumps(index))
    torchrun(
        ROOT / "tools/train.py", config, "--data", tmp_path, "--work-dir", tmp_path / "work", "--launcher", "pytorch",
        "--cfg-options", "train_cfg.max_epochs=2", "train_cfg.val_interval=1", *SMALL, cwd=tmp_path,
    )  # fmt: skip
    out = torchrun(
        ROOT / "tools/test.py", config, tmp_path / "work", "--data", tmp_path, "--launcher", "pytorch",
        "--dump", tmp_path / "two.npz", "--json", "--cfg-options", *SMALL, cwd=tmp_path,
    )  # fmt: skip
    assert json.loads(out)["test"]["samples"] == 23  # one process prints one document
    process = subprocess.run(
        [sys.executable, ROOT / "tools/test.py", config, tmp_path / "work", "--data", tmp_path,
         "--dump", tmp_path / "one.npz", "--cfg-options", *SMALL],
        cwd=tmp_path, text=True, capture_output=True, timeout=2 * TIMEOUT,
    )  # fmt: skip
    assert process.returncode == 0, process.stderr
    distributed = Predictions.load(tmp_path / "two.npz")
    single = Predictions.load(tmp_path / "one.npz")
    assert distributed.ids.tolist() == single.ids.tolist()
    torch.testing.assert_close(distributed.scores["skeleton"], single.scores["skeleton"], rtol=1e-4, atol=1e-4)
    assert {path.name for path in tmp_path.iterdir()} == {"index.json", "work", "one.npz", "two.npz"}
