"""Reference of the input pipelines: mmaction2's, from its decoding to an augmented batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from triad.fusion.benchmarks.input_videos import BATCH_SIZE, InputSize
from triad.modalities.openmmlab import import_mmaction


def build_mmaction_pipeline(
    decoding: Sequence[str],
    sources: Sequence[Mapping[str, Any]],
    entries: Sequence[np.ndarray],
    size: InputSize,
    *,
    mean: Sequence[float],
    std: Sequence[float],
) -> Callable[[], None]:
    """Return a function that reads clips in batches: scaled, cropped to 50–100 % of the area, flipped and normalised.

    Args:
        decoding: names of mmaction2's transforms that read a clip.
        sources: fields of a clip that they read.
        entries: numbers of the frames or fields of each clip, as ``entries_of`` returns them.
        size: settings of the clip.
        mean: mean of each channel, of 255.
        std: standard deviation of each channel, of 255.
    """
    import_mmaction()
    from mmaction.datasets import transforms
    from mmaction.models.data_preprocessors import ActionDataPreprocessor
    from mmcv.transforms import Compose
    from mmengine.dataset import pseudo_collate

    pipeline = Compose(
        [
            *(getattr(transforms, name)() for name in decoding),
            transforms.Resize(scale=(-1, size.frame_size[0])),
            transforms.RandomResizedCrop(area_range=(0.5, 1.0), aspect_ratio_range=(1.0, 1.0)),
            transforms.Resize(scale=(size.size, size.size), keep_ratio=False),
            transforms.Flip(flip_ratio=0.5),
            transforms.FormatShape(input_format="NCTHW"),
            transforms.PackActionInputs(),
        ]
    )
    normalize = ActionDataPreprocessor(mean=mean, std=std, format_shape="NCTHW")
    clip = {"label": 0, "clip_len": size.num_frames, "num_clips": 1, "frame_interval": 1}
    annotations = [{**source, **clip, "frame_inds": numbers} for source, numbers in zip(sources, entries, strict=True)]

    def load_batches() -> None:
        for start in range(0, len(annotations), BATCH_SIZE):
            samples = [pipeline(dict(annotation)) for annotation in annotations[start : start + BATCH_SIZE]]
            normalize(pseudo_collate(samples), training=True)

    return load_batches
