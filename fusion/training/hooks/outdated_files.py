"""Outdated checkpoints, which are removed once the new ones are written."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path, PureWindowsPath

from mmengine.fileio import LocalBackend
from mmengine.logging import MessageHub

OUTDATED = "outdated_files"
"""Entry of a checkpoint's message hub: names of the files that it makes outdated."""


class OutdatedFiles(LocalBackend):
    """File backend that removes files when asked, and notes their names in the message hub.

    Args:
        hub: message hub of the training, which is stored in every checkpoint.
    """

    def __init__(self, hub: MessageHub) -> None:
        super().__init__()
        self.hub = hub
        self.paths: list[str] = []

    def remove(self, filepath: str) -> None:
        self.paths.append(filepath)
        self.hub.update_info(OUTDATED, [Path(path).name for path in self.paths])

    def remove_outdated(self) -> None:
        """Remove the files."""
        while self.paths:
            Path(self.paths.pop()).unlink(missing_ok=True)
        self.hub.update_info(OUTDATED, [])

    def take_over(self, folder: Path, kept: Container[str]) -> None:
        """Remove the files that the resumed checkpoint made outdated, where its training did not come so far.

        Args:
            folder: folder of the checkpoints.
            kept: names of files that stay.
        """
        for value in self.hub.runtime_info.get(OUTDATED) or []:
            name = PureWindowsPath(str(value)).name
            if name.endswith(".pth") and name not in kept:
                (folder / name).unlink(missing_ok=True)
        self.hub.update_info(OUTDATED, [])
