"""A share of the videos for each of several runs that know nothing of each other (a Slurm array)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from modalities.checks import fail
from modalities.extraction.interfaces import Task
from modalities.file_lock import file_lock


@dataclass(frozen=True)
class Shard:
    """Share ``number`` of ``count``; the first is 1, and share 1 of 1 is everything.

    Raises:
        InputError: if there is no such share.
    """

    number: int = 1
    count: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self.count:
            fail("shard", "be i/n with i from 1 to n, as 1/4", f"{self}")

    @classmethod
    def parse(cls, text: str) -> Shard:
        """From ``i/n``."""
        found = re.fullmatch(r"(\d+)/(\d+)", text)
        if found is None:
            fail("shard", "be i/n with i from 1 to n, as 1/4", f"'{text}'")
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    @property
    def whole(self) -> bool:
        return self.count == 1

    def of(self, tasks: Sequence[Task]) -> list[Task]:
        """Its tasks, longest first; dealt out like cards in that order, whatever is finished of them.

        Shares are disjoint, together complete, and nearly equal in frames.
        """
        return sorted(tasks, key=lambda task: (-task.num_frames, task.id))[self.number - 1 :: self.count]


@contextmanager
def lock_shard(folders: Sequence[Path], shard: Shard) -> Iterator[None]:
    """Be the only run that makes this share of these streams, beside none but runs of the other shares.

    Raises:
        InputError: if another run is at it, or has cut the videos into another number of shares.
    """
    cure = "wait until it is done, or end it"
    with ExitStack() as stack:
        for folder in folders:
            locks = folder / ".locks"
            ours = locks / f"{shard.number}-of-{shard.count}"
            if not stack.enter_context(file_lock(ours, wait=False)):
                fail(f"shard {shard} of '{folder}'", "be made by one run at a time", "a second one", cure)
            for other in sorted(locks.iterdir()):
                if other.name.endswith(f"-of-{shard.count}"):
                    continue
                with file_lock(other, wait=False, shared=True) as free:  # shards that start at once all look
                    if not free:
                        said = other.name.replace("-of-", "/")
                        fail(f"runs on '{folder}'", f"agree on {shard.count} shards", f"one of shard {said}", cure)
        yield
