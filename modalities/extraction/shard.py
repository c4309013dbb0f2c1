"""Shares of the videos for several independent runs, such as those of a Slurm array."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from triad.modalities.checks import fail
from triad.modalities.extraction.interfaces import Task
from triad.modalities.file_lock import file_lock
from triad.modalities.file_names import join_name


@dataclass(frozen=True)
class Shard:
    """Share ``number`` of ``count``; share 1 of 1 is everything.

    Args:
        number: number of the share, from 1.
        count: number of shares.

    Raises:
        InputError: If there is no such share.
    """

    number: int = 1
    count: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self.count:
            fail("shard", "be i/n with i from 1 to n, as 1/4", f"{self}")

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Return the shard that ``i/n`` names.

        Raises:
            InputError: If the text is not of this form, or there is no such share.
        """
        match = re.fullmatch(r"(\d+)/(\d+)", text)
        if match is None:
            fail("shard", "be i/n with i from 1 to n, as 1/4", f"'{text}'")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    @property
    def is_whole(self) -> bool:
        """Whether it is the only share."""
        return self.count == 1

    def select(self, tasks: Sequence[Task]) -> list[Task]:
        """Return the tasks of this share, longest first.

        All tasks are dealt out in that order, whether finished or not: shares are disjoint, together complete, and
        nearly equal in frames.
        """
        return sorted(tasks, key=lambda task: (-task.num_frames, task.id))[self.number - 1 :: self.count]


@contextmanager
def lock_shard(folders: Sequence[Path], shard: Shard) -> Iterator[None]:
    """Lock a share of these streams against other runs of it, and against runs with another number of shares.

    Args:
        folders: folders of the streams.
        shard: share of the videos.

    Raises:
        InputError: If another run makes this share, or has divided the videos into another number of shares.
    """
    cure = "wait until it is done, or end it"
    with ExitStack() as stack:
        for folder in folders:
            locks = join_name(folder, ".locks")
            lock = locks / f"{shard.number}-of-{shard.count}"
            if not stack.enter_context(file_lock(lock, wait=False)):
                fail(f"shard {shard} of '{folder}'", "be made by one run at a time", "a second one", cure)
            for other_lock in sorted(locks.iterdir()):
                if other_lock.name.endswith(f"-of-{shard.count}"):
                    continue
                with file_lock(other_lock, wait=False, shared=True) as is_free:  # shards may look at the same moment
                    if not is_free:
                        other_shard = other_lock.name.replace("-of-", "/")
                        must = f"agree on {shard.count} shards"
                        fail(f"runs on '{folder}'", must, f"one of shard {other_shard}", cure)
        yield
