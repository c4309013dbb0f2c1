"""Sources of frame pairs: videos whose true flow is known, and single frames of any videos set in motion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from triad.fusion.datasets.minihome import true_flow
from triad.fusion.estimators.flow.pairs.cropping import random_crop
from triad.fusion.index import Index, Record
from triad.modalities.atomic_files import read_json
from triad.modalities.checks import fail
from triad.modalities.flow import random_pair
from triad.modalities.video import read_frames

CURE = "prepare the dataset again (triad prepare)"


class Pair(NamedTuple):
    """Two frames and the flow between them.

    Shapes: uint8 ``[H, W, 3]`` twice, float32 ``[H, W, 2]``.
    """

    first: np.ndarray
    second: np.ndarray
    flow: np.ndarray


class GroundTruthPairs:
    """Consecutive frames of MiniHome's videos; their flow is computed from the simulated clip.

    Args:
        index: index of a MiniHome dataset.
        records: records to draw from.

    Raises:
        InputError: If the dataset is another one.
    """

    def __init__(self, index: Index, records: Sequence[Record]) -> None:
        self.index = index
        self.records = list(records)
        self.seed = int(read_json(index.root / "minihome.json", cure=CURE)["seed"])

    @staticmethod
    def has_truth(index: Index) -> bool:
        """Return True if the true flow of a dataset is known."""
        return index.dataset == "minihome" and (index.root / "minihome.json").is_file()

    def __len__(self) -> int:
        return len(self.records)

    def draw(self, rng: np.random.Generator) -> Pair:
        """Return a random pair."""
        record = self.records[rng.integers(len(self.records))]
        return self.pair(record, int(rng.integers(record["num_frames"] - 1)))

    def pair(self, record: Record, time: int) -> Pair:
        """Return the frame ``time`` of a record and the next one.

        Raises:
            InputError: If the video is missing or damaged.
        """
        first, second = read_frames(self.index.root / record["sources"]["rgb"]["path"], [time, time + 1])
        flow = true_flow(record, [time], seed=self.seed)[0]
        return Pair(first, second, flow)


class SyntheticPairs:
    """Single frames of videos set in motion, see :mod:`triad.modalities.flow.synthetic_motion`.

    Args:
        index: index of any dataset with videos.
        records: records to draw from.
        size: height and width of the pairs, pixels.
        max_pieces: largest number of pieces of other pictures in front of the background.
        max_shift: largest shift, pixels.
        static_ratio: fraction of pairs whose background does not move, 0–1.

    Raises:
        InputError: If no record has a video.
    """

    def __init__(
        self,
        index: Index,
        records: Sequence[Record],
        *,
        size: Sequence[int],
        max_pieces: int = 4,
        max_shift: float = 16.0,
        static_ratio: float = 0.4,
    ) -> None:
        self.index = index
        self.records = [record for record in records if "rgb" in record["sources"]]
        if not self.records:
            fail(f"records of '{index.root}'", "have videos to take pictures from", "none")
        self.size = (size[0], size[1])
        self.max_pieces = max_pieces
        self.max_shift = max_shift
        self.static_ratio = static_ratio

    def draw(self, rng: np.random.Generator) -> Pair:
        """Return a random pair; its flow is exact also where it leads out of the frame or behind something."""
        pictures = [self._draw_picture(rng)]
        for _ in range(int(rng.integers(1, self.max_pieces + 1))):  # several pieces of one picture: decoding is slow
            pictures.append(self._draw_picture(rng) if len(pictures) == 1 else pictures[-1][:, ::-1])
        pair = random_pair(pictures, rng, max_shift=self.max_shift, static_ratio=self.static_ratio)
        return Pair(pair.first, pair.second, pair.flow)

    def _draw_picture(self, rng: np.random.Generator) -> np.ndarray:
        record = self.records[rng.integers(len(self.records))]
        entry = record["sources"]["rgb"]
        time = int(rng.integers(entry["num"]))
        frame = read_frames(self.index.root / entry["path"], [time], fps=entry.get("fps"))[0]
        return random_crop(frame, self.size, rng)
