"""Tiny dataset in the real on-disk format, in which a textured square moves left, moves right or stands still."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from triad.fusion.index import write_index
from triad.modalities.atomic_files import write_arrays
from triad.modalities.video import write_video

CLASSES = ("left", "right", "still")
NUM_FRAMES = 10
HEIGHT = 48
WIDTH = 64
FPS = 10.0
NUM_JOINTS = 16


def make_clip(label: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return frames and joints that move by 2 pixels and 0.1 metres a frame, or not at all.

    Shapes: uint8 ``[T, H, W, 3]``, float32 ``[1, T, V, 3]``.
    """
    velocity = (-2, 2, 0)[label]
    square = rng.integers(0, 255, (16, 16, 3))
    frames = np.full((NUM_FRAMES, HEIGHT, WIDTH, 3), 90, np.uint8)
    x = 24 - velocity * NUM_FRAMES // 2 + velocity * np.arange(NUM_FRAMES)
    y = rng.integers(4, HEIGHT - 20)
    for frame, x_left in zip(frames, x, strict=True):
        frame[y : y + 16, x_left : x_left + 16] = square
    joints = rng.normal(0, 0.02, (1, NUM_FRAMES, NUM_JOINTS, 3)) + rng.normal(0, 0.3, (1, 1, NUM_JOINTS, 3))
    joints[..., 0] += (x / 20 - 1)[None, :, None]
    joints[..., 2] += 3
    return frames, joints.astype(np.float32)


def write_tiny(out: Path) -> Path:
    """Write 60 clips of three classes and 20 people, without flow, to which MiniHome's protocols apply."""
    records = []
    for label, name in enumerate(CLASSES):
        for person in range(1, 21):
            clip = f"{name}_s{person:02d}"
            frames, joints = make_clip(label, np.random.default_rng([label, person]))
            write_video(out / f"videos/{clip}.mp4", frames, fps=FPS)
            write_arrays(out / f"skeleton/{clip}.npz", keypoints=joints, scores=np.ones(joints.shape[:3], np.float32))
            records.append(
                {
                    "id": clip,
                    "label": label,
                    "video": f"videos/{clip}.mp4",
                    "num_frames": NUM_FRAMES,
                    "fps": FPS,
                    "subject": f"s{person:02d}",
                    "camera": f"c{1 + person % 3}",
                    "sources": {
                        "rgb": {"path": f"videos/{clip}.mp4", "num": NUM_FRAMES, "fps": FPS},
                        "skeleton": {"path": f"skeleton/{clip}.npz", "num": NUM_FRAMES, "fps": FPS},
                    },
                }
            )
    metainfo = {
        "dataset": "minihome",
        "classes": list(CLASSES),
        "streams": {
            "rgb": {"modality": "rgb"},
            "skeleton": {"modality": "skeleton", "layout": "minihome16", "channels": 3},
        },
    }
    write_index(out / "index.json", metainfo, records)
    return out


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the tiny dataset; tests that change it copy it first."""
    return write_tiny(tmp_path_factory.mktemp("tiny"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List the reasons of skipped tests, so that no skip goes unnoticed."""
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in terminalreporter.getreports("skipped"))
    if reasons:
        terminalreporter.section("not checked on this machine")
        for reason, tests in sorted(reasons.items()):
            terminalreporter.line(f"{tests:4d} tests: {reason}")
