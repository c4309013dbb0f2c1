"""Dataset of frame pairs with exact flow."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from triad.fusion.data import SharedEpoch
from triad.fusion.datasets import get_protocol, get_protocols, select
from triad.fusion.estimators.flow.pairs.cropping import Crop, apply_crop, crop_flow, draw_crop, recolor
from triad.fusion.estimators.flow.pairs.sources import GroundTruthPairs, Pair, SyntheticPairs
from triad.fusion.index import Index, Record, load_index
from triad.modalities.checks import fail
from triad.modalities.flow.estimators import scale_short_side
from triad.modalities.registry import DATASETS, FUNCTIONS
from triad.modalities.seeding import derive_rng

Item = tuple[str, Pair]


@DATASETS.register_module()
class FlowPairs(Dataset):
    """Ground-truth pairs of MiniHome and synthetic pairs of any dataset.

    Training draws ``length`` new pairs in every epoch, a fraction of ``synthetic_ratio`` of them synthetic: windows of
    ``size``, mirrored and recoloured. Validation and test always use the same ``length`` pairs: whole ground-truth
    pairs where the dataset has some, else synthetic ones. Randomness comes from ``(seed, epoch, number)``.

    Args:
        index: path of a prepared dataset; the true flow of MiniHome is known, frames of others are set in motion.
        protocol: name of the protocol whose split chooses the records.
        split: ``train``, ``val`` or ``test``.
        length: number of pairs of an epoch.
        size: height and width of the training pairs, pixels.
        synthetic_ratio: fraction of synthetic pairs in training, 0–1; all without true flow.
        background_dataset: path of another prepared dataset whose frames are set in motion, the same split of its first
            protocol; by default this one.
        max_shift: largest shift of synthetic pairs, pixels.
        static_ratio: fraction of synthetic pairs whose background does not move, 0–1.
        short_side: length of the short side of ground-truth pairs outside training, pixels; the video's by default.
        seed: seed of all randomness.

    Raises:
        InputError: If a number is out of range, or a dataset or split does not fit.
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
        loaded = load_index(index)
        records = select(loaded.records, get_protocol(loaded.dataset, protocol), split)
        has_truth = GroundTruthPairs.has_truth(loaded) and len(records) > 0
        self.ground_truth_pairs = GroundTruthPairs(loaded, records) if has_truth else None
        self.synthetic_ratio = synthetic_ratio if has_truth else 1.0
        if background_dataset is not None:
            loaded, records = _select_backgrounds(background_dataset, split)
        self.synthetic_pairs = SyntheticPairs(
            loaded, records, size=size, max_shift=max_shift, static_ratio=static_ratio
        )
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
            return f"{position}", self._draw_training_pair(rng)
        rng = derive_rng(self._epoch.seed, "flow pairs", self.split, position)
        if self.ground_truth_pairs is None:
            return f"{position}", self.synthetic_pairs.draw(rng)
        return f"{position}", self._scale(self.ground_truth_pairs.draw(rng))

    def _scale(self, pair: Pair) -> Pair:
        if self.short_side is None:
            return pair
        size = scale_short_side((pair.flow.shape[0], pair.flow.shape[1]), self.short_side)
        crop = Crop(size, 0, 0, flip=False)
        first, second = (apply_crop(frame, crop, size) for frame in pair[:2])
        return Pair(first, second, crop_flow(pair.flow, crop, size))

    def _draw_training_pair(self, rng: np.random.Generator) -> Pair:
        if self.ground_truth_pairs is None or rng.uniform() < self.synthetic_ratio:
            pair = self.synthetic_pairs.draw(rng)
        else:
            pair = self.ground_truth_pairs.draw(rng)
            crop = draw_crop(pair.flow.shape[:2], self.size, rng)
            first, second = (apply_crop(frame, crop, self.size) for frame in pair[:2])
            pair = Pair(first, second, crop_flow(pair.flow, crop, self.size))
        first, second = recolor(np.stack(pair[:2]), rng)
        return pair._replace(first=first, second=second)


def _select_backgrounds(path: str | Path, split: str) -> tuple[Index, list[Record]]:
    """Return the index of a dataset and the records of one split of its first protocol."""
    index = load_index(path)
    custom_protocol = index.metainfo.get("protocol")
    names = [custom_protocol["name"]] if custom_protocol else list(get_protocols(index.dataset))
    if not names:
        fail(f"dataset of pictures '{path}'", "have a protocol", "none")
    return index, select(index.records, get_protocol(index.dataset, names[0]), split)


@FUNCTIONS.register_module()
def collate_pairs(items: Sequence[Item]) -> dict[str, Tensor | list[str]]:
    """Return a batch of pairs of one size.

    Shapes: ``first``, ``second`` uint8 ``[B, H, W, 3]``, ``flow`` float ``[B, 2, H, W]``.
    """
    pairs = [pair for _, pair in items]
    first, second, flow = (torch.from_numpy(np.stack(arrays)) for arrays in zip(*pairs, strict=True))
    return {
        "first": first,
        "second": second,
        "flow": flow.permute(0, 3, 1, 2).contiguous(),
        "id": [name for name, _ in items],
    }
