"""A trained model as an ONNX file that needs nothing else: the network, its pre-processing, what it is fed."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmengine.config import Config

from fusion.data.collate import Batch, collate
from fusion.data.dataset import Sample
from fusion.inference.loaded_model import LoadedModel
from fusion.inference.onnx_description import KEY, describe, describe_ports
from fusion.inference.onnx_graph import RecognizerGraph
from fusion.inference.onnx_network import OnnxNetwork
from fusion.models import Recognizer
from fusion.training.zoo import blank_clips, fill_clip
from modalities.atomic_files import atomic_write
from modalities.augmentation import SpatialAugmentation
from modalities.checks import check_choice, fail
from modalities.modality import get_modality
from modalities.sampling import Span
from modalities.seeding import derive_rng
from modalities.skeleton.encoders import SkeletonLstm
from modalities.skeleton.encoders.layers import DataNorm

TOLERANCE = 1e-4
"""By how much onnxruntime's scores may differ from torch's."""


def export(trained: LoadedModel, out: str | Path, *, stream: str | None = None) -> dict[str, Any]:
    """Write a model as ONNX, once onnxruntime gives torch's scores on random input, and return its description.

    Args:
        trained: the model.
        out: the file to write.
        stream: only this one, of a model of several; the others are absent then.

    Raises:
        InputError: if there is no such stream, the file cannot be written, or the network is one that ONNX cannot hold.
    """
    config, model, out = trained.config, trained.recognizer.cpu(), Path(out)
    if out.suffix != ".onnx":
        fail("exported file", "end in .onnx", f"'{out}'")
    streams = model.streams if stream is None else [check_choice("exported stream", stream, model.streams)]
    with atomic_write(out) as temporary:
        temporary.touch()  # what cannot be written is told before the work
        persons = max_persons_of(model)
        document = describe(trained, streams=streams, persons=persons)
        modalities = {name: row["modality"] for name, row in document["streams"].items()}
        batch = random_batch(config, size=2, persons=min(persons or 2, 2))
        document |= describe_ports(batch, modalities, len(trained.classes))
        program = _to_onnx(RecognizerGraph(model, streams).eval(), batch, document)
        _settle(document, program)
        program.model.metadata_props[KEY] = json.dumps(document, ensure_ascii=False)
        program.save(str(temporary))
        difference = largest_difference(model, OnnxNetwork(temporary), config, streams)
        if not difference <= TOLERANCE:
            fail(f"onnxruntime's scores of '{out}'", f"be within {TOLERANCE} of torch's", f"{difference:.2g} apart")
    return {**document, "difference": difference}


def max_persons_of(model: Recognizer) -> int | None:
    """How many persons every skeleton encoder has room for; None where any number goes."""
    rooms = [module.axes[0] for module in model.modules() if isinstance(module, DataNorm) and module.axes[0] > 1]
    rooms += [module.persons for module in model.modules() if isinstance(module, SkeletonLstm)]
    return min(rooms, default=None)


def random_batch(config: Config, *, size: int, persons: int) -> Batch:
    """A batch as the config's readers would give it, of noise; some joints and times are lost."""
    samples = []
    for number in range(size):
        rng = derive_rng("export", number)
        clips = {
            name: get_modality(clip.modality).randomise(fill_clip(clip, persons), rng)
            for name, clip in blank_clips(config).items()
        }
        samples.append(Sample("", -1, 0, Span(0.0, 1.0), SpatialAugmentation(), clips, dict.fromkeys(clips, True)))
    return collate(samples)


def _to_onnx(graph: RecognizerGraph, batch: Batch, document: dict[str, Any]) -> Any:
    inputs: dict[str, dict[str, torch.Tensor]] = {}
    free: dict[str, dict[str, dict[int, str]]] = {}
    for row in document["inputs"]:
        inputs.setdefault(row["stream"], {})[row["field"]] = batch[row["stream"]][row["field"]]
        named = {axis: size for axis, size in enumerate(row["shape"]) if isinstance(size, str)}
        free.setdefault(row["stream"], {})[row["field"]] = named
    try:
        with _quiet(), torch.no_grad():
            return torch.onnx.export(
                graph,
                (),
                kwargs={"inputs": inputs},
                dynamic_shapes={"inputs": free},
                input_names=[row["name"] for row in document["inputs"]],
                output_names=[row["name"] for row in document["outputs"]],
                dynamo=True,
                verbose=False,
            )
    except torch.onnx.OnnxExporterError as error:
        reason = str(error.__cause__ or error).strip().splitlines()[0]
        cure = "export its streams one by one (--stream)" if len(document["streams"]) > 1 else None
        fail(f"model of '{document['config']}'", "be one that ONNX can hold", reason, cure)


def _settle(document: dict[str, Any], program: Any) -> None:
    """Write down which sizes the graph has fixed: a network with room for two persons may want two."""
    sizes = {value.name: list(value.shape) for value in program.model.graph.inputs}
    for row in document["inputs"]:
        found = sizes[row["name"]]
        row["shape"] = [size if isinstance(size, int) else name for size, name in zip(found, row["shape"], strict=True)]
        if isinstance(found[0], int):
            fail(f"graph of '{document['config']}'", "take any number of samples", found[0])


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """The exporter prints and warns about its own inside."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)


def largest_difference(model: Recognizer, network: OnnxNetwork, config: Config, streams: list[str]) -> float:
    """Between what a model and its export say of noise: samples with all streams, and with each of them missing.

    Their number, and that of their persons, is another than the graph was made with.
    """
    batch = random_batch(config, size=2 + len(streams), persons=1)
    for name in model.streams:
        batch[name]["present"][:] = name in streams
    for row, name in enumerate(streams if len(streams) > 1 else []):
        batch[name]["present"][1 + row] = False
    found = network(batch)
    with torch.no_grad():
        rows = model(**model.data_preprocessor(batch, False), mode="predict")
    worst = [0.0]
    for row, said in enumerate(rows):
        known = {name: each["score"] for name, each in said["streams"].items()}
        known |= {"fused": said["fused"]} if "fused" in found else {}
        worst += [float(np.abs(found[name][row] - scores).max()) for name, scores in known.items()]
    return float(np.max(worst))  # of Python's own, NaN might be hidden
