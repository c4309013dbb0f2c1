"""Benchmarks of the speed ratios that this project claims, each against its reference in the same run.

One file a subject; a new one is its file and one line here.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from triad.fusion.benchmarks.extraction import bench_extraction
from triad.fusion.benchmarks.flow_input import bench_flow_input
from triad.fusion.benchmarks.flow_storage import bench_flow_storage
from triad.fusion.benchmarks.gpu_extraction import bench_gpu_extraction
from triad.fusion.benchmarks.operations import bench_operations
from triad.fusion.benchmarks.pose_store import bench_pose_store
from triad.fusion.benchmarks.raft import bench_raft
from triad.fusion.benchmarks.result import BenchmarkResult
from triad.fusion.benchmarks.skeleton_input import bench_skeleton_input
from triad.fusion.benchmarks.stgcn import bench_stgcn
from triad.fusion.benchmarks.training import bench_training
from triad.fusion.benchmarks.video_input import bench_video_input

BENCHMARKS: dict[str, Callable[[Path], Iterable[BenchmarkResult]]] = {
    "extraction": bench_extraction,
    "flow_input": bench_flow_input,
    "flow_storage": bench_flow_storage,
    "gpu_extraction": bench_gpu_extraction,
    "operations": bench_operations,
    "pose_store": bench_pose_store,
    "raft": bench_raft,
    "skeleton_input": bench_skeleton_input,
    "stgcn": bench_stgcn,
    "training": bench_training,
    "video_input": bench_video_input,
}
GPU_BENCHMARKS = (
    "raft", "stgcn", "training", "gpu_extraction", "operations", "skeleton_input", "video_input", "flow_input",
)  # fmt: skip
"""What ``bench gpu`` measures, in this order."""
CLAIMS = tuple(name for name in BENCHMARKS if name not in ("training", "gpu_extraction"))
"""What ``bench`` measures, with and without a GPU."""

__all__ = ["BENCHMARKS", "CLAIMS", "GPU_BENCHMARKS", "BenchmarkResult"]
