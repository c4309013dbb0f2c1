"""Rendering of many clips or videos: in several processes, into a folder of one seed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

from triad.modalities.atomic_files import read_json, write_json
from triad.modalities.checks import fail
from triad.modalities.processes import end_with_parent

Item = TypeVar("Item")


def check_settings(out: Path, settings: Mapping[str, Any]) -> None:
    """Write the settings beside the videos, or refuse a folder that has others.

    Raises:
        InputError: If the folder holds MiniHome of other settings.
    """
    path = out / "minihome.json"
    cure = f"delete '{out}' or choose another folder"
    if not path.exists():
        write_json(path, settings)
        return
    existing_settings = read_json(path, cure=cure)
    if existing_settings != settings:
        fail(f"'{out}'", f"hold MiniHome of {settings} or be empty", existing_settings, cure)


@contextmanager
def open_map(
    workers: int, *, chunk_size: int = 1
) -> Iterator[Callable[[Callable[[Item], None], list[Item]], Iterable[None]]]:
    """Yield a ``map`` over this process or a pool of several.

    Args:
        workers: number of processes; 1 works in this one.
        chunk_size: number of items that a process gets at once.
    """
    if workers == 1:
        yield map
        return
    # spawned, not forked: the caller may hold threads (torch, OpenCV)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_start_worker) as pool:
        try:
            yield partial(pool.map, chunksize=chunk_size)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _start_worker() -> None:
    import cv2

    end_with_parent()
    cv2.setNumThreads(1)
