"""mmengine's message hub that reads logged tensors together when somebody asks for them."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from mmengine.logging import HistoryBuffer, MessageHub
from torch import Tensor

MOST_PENDING = 4096
"""Number of logged tensors that are kept at most before they are read."""


class PendingMessageHub(MessageHub):
    """Message hub that keeps logged tensors on their device until their values are wanted.

    mmengine's own reads every loss in every iteration, for which the host waits until a GPU has finished the step, so
    that the GPU then waits for the host. Here all values that are pending are read at once when the logger, a
    checkpoint or a hook looks at the history, which is the same to the last bit.

    Args:
        name: name of the instance.
        options: other arguments of ``MessageHub``.
    """

    def __init__(self, name: str, **options: Any) -> None:
        super().__init__(name, **options)
        self._pending: list[tuple[str, Tensor, int]] = []

    def update_scalar(self, key: str, value: Any, count: int = 1, resumed: bool = True) -> None:
        if not isinstance(value, Tensor) or value.numel() != 1:
            if any(pending == key for pending, *_ in self._pending):
                self.read_pending()  # the history of a key is in order
            super().update_scalar(key, value, count, resumed)
            return
        self._set_resumed_keys(key, resumed)
        if key not in self._log_scalars:  # a line of the log has its values in the order in which they came first
            self._log_scalars[key] = _empty_history()
        # the loss may be changed in place after this, and its graph should be freed
        self._pending.append((key, value.detach().reshape(()).clone(), count))
        if len(self._pending) > MOST_PENDING:
            self.read_pending()

    def read_pending(self) -> None:
        """Read all pending tensors, with one transfer for each type and device, and add them to their histories."""
        pending = self._pending
        self._pending = []
        groups: dict[tuple[torch.dtype, torch.device], list[int]] = {}
        for position, (_, value, _) in enumerate(pending):
            groups.setdefault((value.dtype, value.device), []).append(position)
        values: dict[int, float] = {}
        for positions in groups.values():
            read = torch.stack([pending[position][1] for position in positions]).tolist()
            values |= dict(zip(positions, read, strict=True))
        for position, (key, _, count) in enumerate(pending):
            self._log_scalars[key].update(values[position], count)

    @property
    def log_scalars(self) -> Any:
        """Histories of all values by name."""
        self.read_pending()
        return super().log_scalars

    def state_dict(self) -> dict[str, Any]:
        self.read_pending()
        state: dict[str, Any] = super().state_dict()
        return state


def _empty_history() -> HistoryBuffer:
    """Return a history without values, of the types that one with values has."""
    history = HistoryBuffer()
    history._count_history = np.array([], dtype=np.int64)
    return history
