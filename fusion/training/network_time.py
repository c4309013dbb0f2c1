"""Time that the networks of a config take for one clip."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import torch
from mmengine.config import Config
from mmengine.runner import Runner

from triad.fusion.training.config import build_config
from triad.modalities.registry import MODELS
from triad.modalities.weights import skip_loading

NUM_CALLS = 5


@torch.no_grad()
def measure_network_ms(config: Config, *, num_calls: int = NUM_CALLS) -> float:
    """Return the milliseconds of the model of a config for the first test clip, on this machine's CPU.

    Transforms on the device count, reading and decoding do not. The weights are new ones, whose values change no time.

    Args:
        config: built config of a recognizer.
        num_calls: number of calls, after one to warm up, of which the median is taken.
    """
    with skip_loading():
        model: Any = MODELS.build(config.model).eval()
    loader = Runner.build_dataloader(
        {**config.test_dataloader, "batch_size": 1, "num_workers": 0, "persistent_workers": False}
    )
    batch = next(iter(loader))
    seconds = []
    for _ in range(num_calls + 1):
        start = perf_counter()
        model(model.data_preprocessor(batch, False)["batch"], mode="predict")
        seconds.append(perf_counter() - start)
    return 1000 * median(seconds[1:])


def measure_stream_ms(meta: Mapping[str, Any], data: str | Path) -> dict[str, float]:
    """Return the milliseconds of the network of every stream whose config is still there and reads it alone.

    Args:
        meta: ``meta`` of joined predictions, which names the config of each stream.
        data: folder of the prepared dataset.
    """
    times = {}
    for stream, stream_meta in meta.get("streams", {}).items():
        path = Path(str(stream_meta.get("config")))
        if path.is_file():
            config = build_config(path, data=data)
            if list(config.get("streams", {})) == [stream]:
                times[stream] = measure_network_ms(config)
    return times
