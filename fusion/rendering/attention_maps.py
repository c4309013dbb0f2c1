"""Attention maps of a model in one record, with what is needed to draw them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from triad.fusion.data import ActionDataset, collate
from triad.fusion.index import Record
from triad.fusion.models import Recognizer, SampleMap, sample_maps
from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.clips import Reader
from triad.modalities.modality import get_modality


@dataclass(frozen=True)
class MappedStream:
    """Stream of a model, as its maps are drawn.

    Args:
        source: name of the stream in the index.
        reader: reader of the stream.
        pictures: input of the network, uint8 ``[T, h, w, 3]``, where it shows something else than the frame or its
            crop, as a hand; None where it shows the crop of the view.
    """

    source: str
    reader: Reader
    pictures: np.ndarray | None = None


@dataclass(frozen=True)
class AttentionMaps:
    """Attention maps of a model in one test clip of one record; false without any.

    Args:
        view: crop of the frame that the networks saw.
        maps: maps of all fusion modules and of the joint head.
        streams: streams that the model reads.
    """

    view: SpatialAugmentation = field(default_factory=SpatialAugmentation)
    maps: tuple[SampleMap, ...] = ()
    streams: Mapping[str, MappedStream] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.maps)


def compute_attention_maps(model: Recognizer, dataset: ActionDataset, record: Record) -> AttentionMaps:
    """Run a model on a record as a test does, of several views the middle one, and return the maps of its modules.

    Args:
        model: recognizer in evaluation mode.
        dataset: test dataset of its config.
        record: record of the dataset's index, of any split.

    Raises:
        InputError: If a file is damaged.
    """
    sample = dataset.sample(record, dataset.middle_view)
    if not has_attention(model) or not any(sample.present.values()):
        return AttentionMaps(sample.view)
    transforms = model.data_preprocessor.transforms
    with torch.no_grad():
        batch = model.data_preprocessor(collate([sample]), False)["batch"]
        maps = sample_maps(model.classify(model.encode(batch)[0], batch).maps, batch, 0, transforms)
    streams = {}
    for name, reader in dataset.readers.items():
        has_other_places = not shows_frame(model, name, reader) and any(
            one.stream == name and one.has("HW") for one in maps
        )
        pictures = _input_pictures(batch[name]["data"][0]) if has_other_places else None
        streams[name] = MappedStream(dataset.sources[name], reader, pictures)
    return AttentionMaps(sample.view, maps, streams)


def has_attention(model: Recognizer) -> bool:
    """Return whether a model has parts that may give maps."""
    return len(model.attention) > 0 or model.joint_head is not None


def shows_frame(model: Recognizer, stream: str, reader: Reader) -> bool:
    """Return whether the input of a stream's network shows the frame, or the crop of the view, and nothing else."""
    transform = model.data_preprocessor.transforms[stream]
    return bool(getattr(transform, "shows_frame", True)) and not get_modality(reader.modality).has_joints


def _input_pictures(data: Tensor) -> np.ndarray:
    """Return the input of a network as pictures, its range of values as that of grey: ``[C, T, h, w]`` -> uint8."""
    values = data.float().movedim(0, -1).cpu().numpy()  # [T, h, w, C]
    if values.shape[-1] != 3:
        values = values.max(-1, keepdims=True).repeat(3, axis=-1)
    low = values.min()
    return (255 * (values - low) / max(np.ptp(values), 1e-9)).astype(np.uint8)
