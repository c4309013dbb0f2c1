"""Pairs of frames with exact flow, as a dataset."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from fusion.data import SharedEpoch
from fusion.datasets import get_protocol, get_protocols, select
from fusion.estimators.flow.pairs.cropping import Crop, apply_crop, crop_flow, draw_crop, recolor
from fusion.estimators.flow.pairs.sources import GroundTruthPairs, Pair, SyntheticPairs
from fusion.index import Index, Record, load_index
from modalities.checks import fail
from modalities.flow.estimators import scale_short_side
from modalities.registry import DATASETS, FUNCTIONS
from modalities.seeding import derive_rng

Item = tuple[str, Pair]


@DATASETS.register_module()
class FlowPairs(Dataset):
    """True pairs of MiniHome and moved frames, drawn anew in every epoch for training, always the same otherwise.

    Training draws ``length`` pairs an epoch, a share of ``synthetic_ratio`` of them from moved frames; windows of
    ``size``, mirrored and recoloured. Otherwise ``length`` pairs are drawn once: true ones, whole and as they are,
    where the dataset has any, else moved frames. Randomness comes from ``(seed, epoch, number)``.

    Args:
        index: a prepared dataset; of MiniHome the true flow is known, of others frames are moved.
        protocol: whose split decides who is trained on.
        split: ``train``, ``val`` or ``test``.
        length: pairs of an epoch.
        size: height and width that the network learns from.
        synthetic_ratio: share of moved frames in training, 0–1; without true flow, all.
        background_dataset: another prepared dataset whose frames are moved; by default this one's. Of its first
            protocol the same split is taken.
        max_shift: pixels of the largest shift of moved frames.
        static_ratio: share of moved frames whose background stands still.
        short_side: of true pairs outside training, pixels; as the video has it by default.
        seed: of all randomness.

    Raises:
        InputError: if a number is out of range, or a dataset or split does not fit.
    """

    def __init__(
        self,
        *,
        index: str | Path,
        protocol: str,
        split: str,
        length: int,
        size: Sequence[int],
        synthetic_ratio: float = 0.5,
        background_dataset: str | Path | None = None,
        max_shift: float = 16.0,
        static_ratio: float = 0.4,
        short_side: int | None = None,
        seed: int = 0,
    ) -> None:
        if not 0 <= synthetic_ratio <= 1:
            fail("FlowPairs.synthetic_ratio", "be a share, 0 to 1", synthetic_ratio)
        if length < 1:
            fail("FlowPairs.length", "be at least 1", length)
        own = load_index(index)
        records = select(own.records, get_protocol(own.dataset, protocol), split)
        self.true = GroundTruthPairs(own, records) if GroundTruthPairs.has_truth(own) and records else None
        shown, theirs = (own, records) if background_dataset is None else _pictures(background_dataset, split)
        self.synthetic = SyntheticPairs(shown, theirs, size=size, max_shift=max_shift, static_ratio=static_ratio)
        self.synthetic_ratio = synthetic_ratio if self.true is not None else 1.0
        self.size = (size[0], size[1])
        self.length = length
        self.split = split
        self.short_side = short_side
        self._epoch = SharedEpoch(seed)

    @property
    def metainfo(self) -> dict[str, Any]:
        return {"dataset": "flow pairs"}

    def set_epoch(self, epoch: int, seed: int | None = None) -> None:
        """Draw other training pairs from now on; called by the training hook."""
        self._epoch.set(epoch, seed)

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, position: int) -> Item:
        if self.split == "train":
            rng = derive_rng(self._epoch.seed, "flow pairs", self._epoch.epoch, position)
            return f"{position}", self._augmented(rng)
        rng = derive_rng(self._epoch.seed, "flow pairs", self.split, position)
        return f"{position}", self.synthetic.draw(rng) if self.true is None else self._whole(self.true.draw(rng))

    def _whole(self, pair: Pair) -> Pair:
        if self.short_side is None:
            return pair
        size = scale_short_side((pair.flow.shape[0], pair.flow.shape[1]), self.short_side)
        crop = Crop(size, 0, 0, flip=False)
        first, second = (apply_crop(frame, crop, size) for frame in pair[:2])
        return Pair(first, second, crop_flow(pair.flow, crop, size))

    def _augmented(self, rng: np.random.Generator) -> Pair:
        if self.true is None or rng.uniform() < self.synthetic_ratio:
            pair = self.synthetic.draw(rng)
        else:
            whole = self.true.draw(rng)
            crop = draw_crop(whole.flow.shape[:2], self.size, rng)
            first, second = (apply_crop(frame, crop, self.size) for frame in whole[:2])
            pair = Pair(first, second, crop_flow(whole.flow, crop, self.size))
        first, second = recolor(np.stack(pair[:2]), rng)
        return pair._replace(first=first, second=second)


def _pictures(path: str | Path, split: str) -> tuple[Index, list[Record]]:
    index = load_index(path)
    own = index.metainfo.get("protocol")
    names = [own["name"]] if own else list(get_protocols(index.dataset))
    if not names:
        fail(f"dataset of pictures '{path}'", "have a protocol", "none")
    return index, select(index.records, get_protocol(index.dataset, names[0]), split)


@FUNCTIONS.register_module()
def collate_pairs(items: Sequence[Item]) -> dict[str, Tensor | list[str]]:
    """A batch of pairs of one size.

    Shapes: ``first``, ``second`` uint8 ``[B, H, W, 3]``, ``flow`` float ``[B, 2, H, W]``.
    """
    pairs = [pair for _, pair in items]
    stacked = [torch.from_numpy(np.stack(arrays)) for arrays in zip(*pairs, strict=True)]
    first, second, flow = stacked
    return {
        "first": first,
        "second": second,
        "flow": flow.permute(0, 3, 1, 2).contiguous(),
        "id": [name for name, _ in items],
    }
