import pytest
from count_extractor import FRAMES, frames

from modalities.extraction import Task
from modalities.video import write_video


@pytest.fixture
def videos(tmp_path):
    """Four videos; the third is corrupt."""
    tasks = []
    for number in range(4):
        path = tmp_path / f"videos/v{number}.mp4"
        write_video(path, frames(number), fps=10)
        tasks.append(Task(f"v{number}", path, FRAMES))
    tasks[2].video.write_bytes(b"corrupt" * 100)
    return tasks
