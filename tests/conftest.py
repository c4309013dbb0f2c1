"""One tiny dataset in the real on-disk format for everything end to end: a textured square moves, or does not."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from fusion.index.index import write_index
from modalities.atomic_files import write_arrays
from modalities.video import write_video

CLASSES = ("left", "right", "still")
FRAMES, HEIGHT, WIDTH, FPS, JOINTS = 10, 48, 64, 10.0, 16


def make_clip(label: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Frames uint8 ``[T, H, W, 3]`` and joints ``[1, T, V, 3]`` that move by ∓2 pixels, ∓0.1 metres a frame."""
    velocity = (-2, 2, 0)[label]
    square = rng.integers(0, 255, (16, 16, 3))
    frames = np.full((FRAMES, HEIGHT, WIDTH, 3), 90, np.uint8)
    x = 24 - velocity * FRAMES // 2 + velocity * np.arange(FRAMES)
    y = rng.integers(4, HEIGHT - 20)
    for frame, left in zip(frames, x, strict=True):
        frame[y : y + 16, left : left + 16] = square
    joints = rng.normal(0, 0.02, (1, FRAMES, JOINTS, 3)) + rng.normal(0, 0.3, (1, 1, JOINTS, 3))
    joints[..., 0] += (x / 20 - 1)[None, :, None]
    joints[..., 2] += 3
    return frames, joints.astype(np.float32)


def write_tiny(out: Path) -> Path:
    """60 clips of 3 classes and 20 people, without flow; MiniHome's protocols apply."""
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
                    "num_frames": FRAMES,
                    "fps": FPS,
                    "subject": f"s{person:02d}",
                    "camera": f"c{1 + person % 3}",
                    "sources": {
                        "rgb": {"path": f"videos/{clip}.mp4", "num": FRAMES, "fps": FPS},
                        "skeleton": {"path": f"skeleton/{clip}.npz", "num": FRAMES, "fps": FPS},
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
    """The folder of the tiny dataset; tests that change it copy it first."""
    return write_tiny(tmp_path_factory.mktemp("tiny"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what this machine could not check, and why, so that a skipped promise is never silent."""
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in terminalreporter.getreports("skipped"))
    if reasons:
        terminalreporter.section("not checked on this machine")
        for reason, tests in sorted(reasons.items()):
            terminalreporter.line(f"{tests:4d} tests: {reason}")
