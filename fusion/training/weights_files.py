"""All published weights files that this project can use, and what each is for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from triad.fusion.training.config import build_config
from triad.fusion.training.zoo import weights_of
from triad.modalities.weights.estimator_files import ESTIMATOR_FILES
from triad.modalities.weights.published_files import PublishedFile


@dataclass
class WeightsFile:
    """Published file and its uses.

    Args:
        file: the file.
        leaves: leaf configs with a network that it fits, as ``rgb/r2plus1d_18_jhmdb``; empty for an estimator's.
        commands: command that takes it for each of the leaves, or the one of an estimator; ``{path}`` is its path.
    """

    file: PublishedFile
    leaves: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return the entry of ``weights list --json``."""
        return {
            "name": self.file.name,
            "url": self.file.url,
            "sha256": self.file.sha256,
            "license": self.file.license,
            "data": self.file.data,
            "leaves": self.leaves,
            "path": str(self.file.cached) if self.file.cached.exists() else None,
        }


def find_weights_files(configs: Path, leaves: Iterable[Path]) -> dict[str, WeightsFile]:
    """Return the files of leaf configs and of estimators, by name.

    Args:
        configs: folder of the configs.
        leaves: paths of leaf configs.
    """
    files = {
        entry.file.name: WeightsFile(entry.file, commands=[f"triad extract OUT {entry.options}"])
        for entry in ESTIMATOR_FILES
    }
    for path in leaves:
        leaf = path.resolve().relative_to(configs.resolve()).with_suffix("").as_posix()
        for row in weights_of(build_config(path)):
            file = PublishedFile(row["url"], row["data"], row["file"])
            entry = files.setdefault(file.name, WeightsFile(file))
            if leaf not in entry.leaves:
                entry.leaves.append(leaf)
                entry.commands.append(f"triad train {leaf} --cfg-options {row['option']}={{path}}")
    return files
