from pathlib import Path

import pytest
from count_extractor import NUM_FRAMES, shifted_frames

from triad.modalities.extraction import Task
from triad.modalities.video import write_video


@pytest.fixture
def videos(tmp_path: Path) -> list[Task]:
    """Tasks of four videos; the third is corrupt."""
    tasks = []
    for number in range(4):
        path = tmp_path / f"videos/v{number}.mp4"
        write_video(path, shifted_frames(number), fps=10)
        tasks.append(Task(f"v{number}", path, NUM_FRAMES))
    tasks[2].video.write_bytes(b"corrupt" * 100)
    return tasks
