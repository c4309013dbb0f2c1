"""Runs of a reader over mutations of a valid file: each ends in a result or in one line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random

from mutations import mutate_arrays, mutate_bytes, mutate_document, write_document

from triad.modalities.atomic_files import read_arrays, write_arrays
from triad.modalities.checks import InputError

PER_READER = 200
MANY = 20_000
"""Mutations over all readers of a file of tests."""
Mutate = Callable[[Path, Random], None]
Reader = Callable[[Path], object]


def bytes_of(make: Callable[[Path], None]) -> Callable[[Path], Mutate]:
    def prepare(path: Path) -> Mutate:
        make(path)
        data = path.read_bytes()
        return lambda target, random: target.write_bytes(mutate_bytes(data, random))

    return prepare


def arrays_of(make: Callable[[Path], None]) -> Callable[[Path], Mutate]:
    def prepare(path: Path) -> Mutate:
        make(path)
        arrays = read_arrays(path, cure="none")

        def mutate(target: Path, random: Random) -> None:
            write_arrays(target, **mutate_arrays(arrays, random))

        return mutate

    return prepare


def document_of(make: Callable[[Path], None]) -> Callable[[Path], Mutate]:
    def prepare(path: Path) -> Mutate:
        make(path)
        document = json.loads(path.read_text())
        return lambda target, random: write_document(target, mutate_document(document, random))

    return prepare


Readers = dict[str, tuple[Callable[[Path], Mutate], Reader, str]]
"""Function that writes a valid file and returns its mutations, reader, and name of the file, by name."""


def run_mutations(readers: Readers, name: str, folder: Path, count: int) -> None:
    """Read a valid file, then ``count`` mutations of it.

    Some must be refused, or nothing was tried.

    Args:
        readers: readers by name.
        name: name of the reader.
        folder: empty folder.
        count: number of mutations.
    """
    prepare, read, file_name = readers[name]
    path = folder / file_name
    mutate = prepare(path)
    read(path)
    random = Random(0)
    refused = lines = 0
    for number in range(count):
        mutate(path, random)
        try:
            read(path)
        except InputError as error:
            refused += 1
            lines = max(lines, str(error).count("\n") + 1)
        except Exception as error:
            raise AssertionError(f"mutation {number} of {name}: {type(error).__name__}: {error}") from error
    assert lines == 1
    assert refused > count // 10
