"""Two processes on the CPU: a stream that is absent on one of them stops neither, and both end with equal weights."""

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
from torch import multiprocessing, nn

from fusion.attention import SeparableSTA
from fusion.models import Recognizer
from fusion.predictions import Predictions
from modalities.encoder import Encoder

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 120  # seconds; what hangs is stopped and fails


class Passing(nn.Module):
    def forward(self, entry, view):
        return entry["data"], entry["valid"]


class TinyVideo(Encoder):
    in_channels, out_channels, output_axes = 3, 4, "BCTHW"

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.norm = nn.Conv3d(3, 4, 1), nn.BatchNorm3d(4)

    def forward(self, data, valid):
        return {"map": self.norm(self.conv(data))}


def model_of(attention: bool) -> Recognizer:
    stream = {"transform": {"type": Passing}, "encoder": {"type": TinyVideo}}
    spec = dict(type=SeparableSTA, video="rgb", pose="flow", video_channels=4, pose_channels=4, grid=(2, 4, 4))
    return Recognizer(num_classes=5, streams={"rgb": stream, "flow": stream}, attention=spec if attention else None)


def batch_of(present: dict[str, bool], seed: int) -> dict:
    generator = torch.Generator().manual_seed(seed)
    streams = {
        name: {
            "data": torch.randn(3, 3, 2, 4, 4, generator=generator),
            "valid": torch.ones(3, 2, dtype=torch.bool),
            "present": torch.full((3,), there),
        }
        for name, there in present.items()
    }
    return streams | {"label": torch.arange(3), "view": {}}


CASES = ((False, "flow"), (True, "flow"), (True, "rgb"))  # with attention or not; which stream is absent


def train(rank: int, attention: bool, absent: str) -> dict[str, dict[str, torch.Tensor]]:
    """Two steps; the second process never has the stream ``absent``, and at the second step neither has it."""
    torch.manual_seed(rank)  # unequal starts: the wrapper must make them equal
    model = MMDistributedDataParallel(module=model_of(attention).train(), broadcast_buffers=False)
    optimizer = OptimWrapper(torch.optim.SGD(model.parameters(), lr=0.1))
    start = {name: value.detach().clone() for name, value in model.module.named_parameters()}
    for step in range(2):
        present = {name: name != absent or (rank == 0 and step == 0) for name in ("rgb", "flow")}
        model.train_step(batch_of(present, seed=10 * step + rank), optimizer)
    return {"start": start, "end": {name: value.detach() for name, value in model.module.named_parameters()}}


def process(rank: int, folder: str) -> None:
    """One of the two."""
    torch.set_num_threads(1)
    torch.distributed.init_process_group("gloo", init_method=f"file://{folder}/meet", rank=rank, world_size=2)
    torch.save([train(rank, *case) for case in CASES], f"{folder}/{rank}.pth")
    torch.distributed.destroy_process_group()


def test_two_processes_train_when_one_lacks_a_stream(tmp_path):
    started = multiprocessing.start_processes(process, (str(tmp_path),), nprocs=2, join=False, start_method="spawn")
    try:
        assert started.join(LIMIT) or started.join(LIMIT), "the processes wait for each other"
    finally:
        for one in started.processes:
            one.kill()
    parts = (torch.load(tmp_path / f"{rank}.pth", weights_only=True) for rank in range(2))
    for case, first, second in zip(CASES, *parts, strict=True):
        start, end = first["start"], first["end"]
        assert all(torch.equal(end[name], second["end"][name]) for name in end), case
        moved = {name for name in end if not torch.equal(start[name], end[name])}
        assert {"encoders.rgb.conv.weight", "encoders.flow.conv.weight", "heads.rgb.fc.weight"} <= moved, case
        assert ("attention.spatial.0.weight" in moved) == case[0], case


SMALL = [
    "streams.skeleton.num_frames=8",
    "streams.skeleton.encoder.widths=(16,16,32)",
]


def torchrun(*words: object, cwd: Path) -> str:
    """Two processes of a tool, as a user starts them; standard output."""
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2", *map(str, words)]
    done = subprocess.run(
        command, cwd=cwd, text=True, capture_output=True, timeout=2 * LIMIT, env=os.environ | {"OMP_NUM_THREADS": "1"}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_train_and_test_under_torchrun(tiny, tmp_path):
    """23 test samples over two processes: one is padded, and must not be in the predictions twice."""
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
    assert json.loads(out)["test"]["samples"] == 23  # one document, from one process
    alone = subprocess.run(
        [sys.executable, ROOT / "tools/test.py", config, tmp_path / "work", "--data", tmp_path,
         "--dump", tmp_path / "one.npz", "--cfg-options", *SMALL],
        cwd=tmp_path, text=True, capture_output=True, timeout=2 * LIMIT,
    )  # fmt: skip
    assert alone.returncode == 0, alone.stderr
    two, one = Predictions.load(tmp_path / "two.npz"), Predictions.load(tmp_path / "one.npz")
    assert two.ids.tolist() == one.ids.tolist()
    torch.testing.assert_close(two.scores["skeleton"], one.scores["skeleton"], rtol=1e-4, atol=1e-4)
    assert {path.name for path in tmp_path.iterdir()} == {"index.json", "work", "one.npz", "two.npz"}
