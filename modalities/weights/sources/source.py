"""Source of weights: a publisher's key names, and their translation to a network's."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

import torch
from torch import Tensor

Tensors = Mapping[str, Tensor]


class Source(NamedTuple):
    """Key names of a publisher.

    Attributes:
        name: name of the network and of its publisher.
        signature: keys that every file of the source has and no file of another source has.
        convert: function from its tensors to those under the names of a network; keys that it does not know stay.
        from_layout: endings of the network's keys that the files lack because the joint layout gives them.
        absent: keys that tell a related source apart: files that have one are not of this source.
    """

    name: str
    signature: tuple[str, ...]
    convert: Callable[[Tensors], dict[str, Tensor]]
    from_layout: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()

    def knows(self, weights: Tensors) -> bool:
        """Return True if the tensors have the source's signature."""
        has_signature = all(key in weights for key in self.signature)
        return has_signature and not any(key in weights for key in self.absent)


def renaming(*names: tuple[str, str]) -> Callable[[Tensors], dict[str, Tensor]]:
    """Return the ``convert`` of a source whose tensors have other names alone.

    Args:
        names: regular expressions of whole keys and their replacements, as in :func:`re.sub`. The first one that
            matches a key renames it; a key that none matches stays.
    """
    patterns = [(re.compile(pattern), replacement) for pattern, replacement in names]

    def rename(key: str) -> str:
        for pattern, replacement in patterns:
            if match := pattern.fullmatch(key):
                return match.expand(replacement)
        return key

    return lambda weights: {rename(key): value for key, value in weights.items()}


class Translation:
    """Tensors of a file, moved one by one to the names of a network.

    Args:
        weights: tensors under the publisher's names.
    """

    def __init__(self, weights: Tensors) -> None:
        self._weights = dict(weights)
        self._used: set[str] = set()
        self._state: dict[str, Tensor] = {}

    def blocks(self, template: str) -> list[str]:
        """Return the prefixes of all blocks in order, e.g. ``["l1.", "l2."]`` for the template ``"l{}."``."""
        pattern = re.compile(re.escape(template).replace(re.escape("{}"), r"(\d+)"))
        numbers = {int(number.group(1)) for key in self._weights if (number := pattern.match(key))}
        return [template.format(number) for number in sorted(numbers)]

    def module(self, target: str, source: str) -> None:
        """Move the tensors of a module: ``source.weight`` to ``target.weight``; nothing where it has none."""
        for name, key in self._keys(source).items():
            self.tensor(f"{target}.{name}", key)

    def modules(self, target: str, source: str, names: Mapping[str, str]) -> None:
        """Move modules of a block, whose names are given as in the network → as published."""
        for name, published_name in names.items():
            self.module(target + name, source + published_name)

    def join(self, target: str, sources: list[str], axis: int = 0) -> None:
        """Concatenate the tensors of several modules by name along an axis; of counters the first one is taken."""
        for name in self._keys(sources[0]):
            tensors = [self._weights[f"{source}.{name}"] for source in sources if f"{source}.{name}" in self._weights]
            self._used |= {f"{source}.{name}" for source in sources}
            self._state[f"{target}.{name}"] = torch.cat(tensors, axis) if tensors[0].ndim else tensors[0]

    def stack(self, target: str, sources: list[str]) -> None:
        """Stack tensors along a new first axis."""
        tensors = [self._weights[source] for source in sources if source in self._weights]
        self._used |= set(sources)
        if tensors:
            self._state[target] = torch.stack(tensors)

    def concatenate(self, target: str, sources: list[str], axis: int) -> None:
        """Concatenate tensors along an axis."""
        tensors = [self._weights[source] for source in sources if source in self._weights]
        self._used |= set(sources)
        if tensors:
            self._state[target] = torch.cat(tensors, axis)

    def tensor(self, target: str, source: str, change: Callable[[Tensor], Tensor] | None = None) -> None:
        """Move one tensor, changed by a function where one is given; nothing where the file lacks it."""
        if source in self._weights:
            self._used.add(source)
            value = self._weights[source]
            self._state[target] = value if change is None else change(value)

    def length(self, source: str) -> int:
        """Return how many square matrices a tensor ``[K·V, V]`` of the file holds; 1 where the file lacks it."""
        value = self._weights.get(source)
        return 1 if value is None else value.shape[0] // value.shape[1]

    def drop(self, *names: str) -> None:
        """Leave out the tensors of these names in any module: constants that the network computes itself."""
        self._used |= {key for key in self._weights if f".{key}".endswith(tuple(f".{name}" for name in names))}

    def result(self) -> dict[str, Tensor]:
        """Return the moved tensors, and under their own names those that were not."""
        return self._state | {key: value for key, value in self._weights.items() if key not in self._used}

    def _keys(self, module: str) -> dict[str, str]:
        """Return the keys of a module's own tensors by their names in it."""
        return {key.rpartition(".")[2]: key for key in self._weights if key.rpartition(".")[0] == module}
