"""Benchmarks of the speed ratios that this project claims, each against its reference in the same run.

One file a subject; a new one is its file and one line here.
"""

from collections.abc import Callable
from pathlib import Path

from fusion.benchmarks.extraction import bench_extraction
from fusion.benchmarks.flow_input import bench_flow_input
from fusion.benchmarks.flow_storage import bench_flow_storage
from fusion.benchmarks.operations import bench_operations
from fusion.benchmarks.pose_store import bench_pose_store
from fusion.benchmarks.raft import bench_raft
from fusion.benchmarks.result import BenchmarkResult
from fusion.benchmarks.skeleton_input import bench_skeleton_input
from fusion.benchmarks.stgcn import bench_stgcn
from fusion.benchmarks.video_input import bench_video_input

BENCHMARKS: dict[str, Callable[[Path], list[BenchmarkResult]]] = {
    "extraction": bench_extraction,
    "flow_input": bench_flow_input,
    "flow_storage": bench_flow_storage,
    "operations": bench_operations,
    "pose_store": bench_pose_store,
    "raft": bench_raft,
    "skeleton_input": bench_skeleton_input,
    "stgcn": bench_stgcn,
    "video_input": bench_video_input,
}

__all__ = ["BENCHMARKS", "BenchmarkResult"]
