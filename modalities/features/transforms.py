"""Clips of features as input of a network over time, on the device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from triad.modalities.checks import fail
from triad.modalities.registry import TRANSFORMS
from triad.modalities.warp import View


@TRANSFORMS.register_module()
class FeatureTransform(nn.Module):
    """Vectors in time with zeros where there is none; with ``others``, vectors of several streams behind each other.

    That is early fusion: one network reads the concatenated features of all streams. Of a stream that a sample lacks,
    the channels are zero; a time counts where any stream has it.

    Args:
        others: names of the streams whose vectors follow those of the own stream; all have one clock.

    Shapes: ``data`` float32 ``[B, T, C]``, ``valid`` bool ``[B, T]`` -> float32 ``[B, ΣC, T]``, ``[B, T]``.

    Raises:
        InputError: If a stream is named twice; on use, if a stream is missing, or clips differ in length.
    """

    def __init__(self, *, others: Sequence[str] = ()) -> None:
        super().__init__()
        if len(set(others)) < len(others):
            fail("FeatureTransform.others", "name each stream once", list(others))
        self.reads = tuple(others)

    def forward(
        self, entry: Mapping[str, Tensor], view: View, others: Mapping[str, Mapping[str, Tensor]] | None = None
    ) -> tuple[Tensor, Tensor]:
        given = others or {}
        for name in self.reads:
            if name not in given:
                got = f"only {', '.join(given) or 'its own'}"
                fail(f"stream '{name}' of FeatureTransform.others", "be a stream of the config", got)
        streams = [entry, *(given[name] for name in self.reads)]
        num_times = entry["data"].shape[1]
        for name, stream in zip(self.reads, streams[1:], strict=True):
            if stream["data"].shape[1] != num_times:
                fail(f"times of stream '{name}'", f"be {num_times} as of the first", stream["data"].shape[1])
        masks = [stream["valid"] & stream["present"][:, None] for stream in streams]  # [B, T] each
        vectors = [
            torch.where(mask[..., None], stream["data"], 0.0) for stream, mask in zip(streams, masks, strict=True)
        ]
        data = torch.cat(vectors, dim=2).transpose(1, 2)  # [B, C, T]
        return data, torch.stack(masks).any(0)
