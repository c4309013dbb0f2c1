"""The modality features: vectors that a trained network gives of the windows of a video."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from triad.modalities.checks import fail
from triad.modalities.clips import Source
from triad.modalities.features import FeatureClip, FeatureReader, read_features
from triad.modalities.features.painter import FeaturePainter
from triad.modalities.live import ExternalInputs, LiveInput, LiveStream
from triad.modalities.modality import DATA, VALID, InputField, Modality, ModelInput, StoredContent, StoredFiles
from triad.modalities.stopwatch import Stopwatch


def default_reader(info: Mapping[str, Any], frame_size: tuple[int, int]) -> FeatureReader:
    """Return the reader of vectors of the stored length."""
    return FeatureReader(channels=info["channels"])


def stack_features(clips: Sequence[FeatureClip]) -> dict[str, Tensor]:
    """Stack clips of features, padded with invalid times to the longest.

    Shapes: ``data`` float32 ``[B, T, C]``, ``valid`` bool ``[B, T]``, ``times`` seconds ``[B, T]``.
    """
    return {
        name: pad_sequence([torch.from_numpy(getattr(clip, name)) for clip in clips], batch_first=True)
        for name in ("data", "valid", "times")
    }


def fill(clip: FeatureClip, persons: int) -> FeatureClip:
    """Return the clip with all its times valid."""
    return replace(clip, valid=np.ones_like(clip.valid))


def randomize(clip: FeatureClip, rng: np.random.Generator) -> FeatureClip:
    """Return the clip with normal features."""
    return replace(clip, data=rng.standard_normal(clip.data.shape).astype(np.float32))


def inspect_features(source: Source, info: Mapping[str, Any]) -> StoredContent:
    """Read all features of a video.

    Raises:
        InputError: If the file is damaged, or its vectors have another length than the index says.
    """
    features = read_features(source.path)
    if features.data.shape[1] != info["channels"]:
        must = f"have {info['channels']} channels as the index says"
        fail(f"vectors of '{source.path}'", must, features.data.shape[1], "extract them again")
    digest = hashlib.blake2b(features.data.tobytes(), digest_size=16).digest()
    return StoredContent(len(features.data), digest)


def open_features(
    reader: FeatureReader, stream: str, clock: Source, external: ExternalInputs, watch: Stopwatch
) -> LiveStream:
    """Return no stream: features are extracted from a prepared dataset."""
    return LiveStream(None, None, "features are read from prepared datasets alone; use triad test")


def add_command(stream: str, data: str) -> str | None:
    """Return the command that extracts features."""
    return f"triad extract {data} --features CHECKPOINT"


MODALITY = Modality(
    name="features",
    clip=FeatureClip,
    reader=FeatureReader,
    default_reader=default_reader,
    collate=stack_features,
    fill=fill,
    randomize=randomize,
    files=StoredFiles(inspector=lambda: inspect_features, frame_size=lambda source: None),
    input=ModelInput(
        fields={"data": InputField("BTC", DATA), "valid": InputField("BT", VALID)},
        feeding="One vector a time, as the network that made them gives it.",
    ),
    live=LiveInput(open=open_features),
    painter=FeaturePainter,
    num_probes=None,
    required_info=("channels",),
    stream_prefixes=("features",),
    add_command=add_command,
)
