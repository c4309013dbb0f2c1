"""Operations that a training step of a skeleton network gives to the device, each of which a GPU has to be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from triad.fusion.benchmarks.result import BenchmarkResult
from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.encoder import Encoder
from triad.modalities.prepared_view import prepare_view
from triad.modalities.skeleton.encoders import CtrGcn, StGcnPlusPlus
from triad.modalities.skeleton.transforms import (
    AlignView,
    CenterOnRoot,
    InterpolateMissing,
    PoseStep,
    ScaleByTorso,
    SkeletonTransform,
)

BATCH_SIZE = 16
NUM_FRAMES = 32
LAYOUT = "ntu25"
WIDTHS = (32, 32, 32, 64, 64, 64)
BEFORE = {
    "ST-GCN++": {"transform": 196, "forward": 210, "backward": 191},
    "CTR-GCN": {"forward": 288, "backward": 371},  # its transform is the same
}
"""Operations at commit cd2127f, counted by :func:`count_operations`."""
ALLOCATIONS = ("empty", "empty_like", "empty_strided", "new_empty", "new_empty_strided")


class _Counter(TorchDispatchMode):
    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def __torch_dispatch__(self, operation: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.count += not (operation.is_view or operation.overloadpacket.__name__ in ALLOCATIONS)
        return operation(*args, **(kwargs or {}))


def count_operations(call: Callable[[], object]) -> int:
    """Return the number of operations of a call that compute or copy: neither views nor allocations."""
    with _Counter() as counter:
        call()
    return counter.count


def bench_operations(folder: Path) -> list[BenchmarkResult]:
    """Count the operations of a step of narrow networks for 16 clips of one person; nothing is timed."""
    encoders: dict[str, Encoder] = {
        "ST-GCN++": StGcnPlusPlus(layout=LAYOUT, widths=WIDTHS),
        "CTR-GCN": CtrGcn(layout=LAYOUT, widths=WIDTHS, person_norms=1),
    }
    note = f"batch {BATCH_SIZE}, {NUM_FRAMES} frames; reference: this project at cd2127f"
    results = []
    for name, encoder in encoders.items():
        counts = count_step(encoder)
        results += [
            BenchmarkResult(f"operations of {name} {phase}", "cpu", counts[phase], before, "operations", note=note)
            for phase, before in BEFORE[name].items()
        ]
    return results


def count_step(encoder: Encoder) -> dict[str, int]:
    """Return the operations of transform, forward and backward."""
    generator = torch.Generator().manual_seed(0)
    shape = BATCH_SIZE, 1, NUM_FRAMES, 25
    entry = {
        "data": torch.randn(*shape, 3, generator=generator),
        "scores": torch.ones(shape),
        "valid": torch.ones(shape[:3], dtype=torch.bool),
    }
    views = [SpatialAugmentation(flip=number % 2 == 1, rotate=0.1, scale=1.1) for number in range(BATCH_SIZE)]
    view = prepare_view(
        {
            field.name: torch.tensor([float(getattr(view, field.name)) for view in views])
            for field in fields(SpatialAugmentation)
        }
    )
    steps: list[PoseStep] = [InterpolateMissing(), AlignView(), CenterOnRoot(), ScaleByTorso()]
    transform = SkeletonTransform(layout=LAYOUT, frame_size=(1, 1), pre_steps=steps)
    results: dict[str, Tensor] = {}

    def prepare() -> None:
        results["data"], _ = transform(entry, view)

    def forward() -> None:
        results["loss"] = encoder(results["data"], entry["valid"]).map.mean()

    return {
        "transform": count_operations(prepare),
        "forward": count_operations(forward),
        "backward": count_operations(lambda: results["loss"].backward()),
    }
