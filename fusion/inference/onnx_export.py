"""Export of a trained model as an ONNX file that holds its network, its pre-processing and its description."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from triad.fusion.data import Batch
from triad.fusion.inference.loaded_model import LoadedModel
from triad.fusion.inference.onnx_check import TOLERANCE, largest_difference, random_batch
from triad.fusion.inference.onnx_description import METADATA_KEY, describe_model, describe_tensors, max_persons
from triad.fusion.inference.onnx_graph import RecognizerGraph
from triad.fusion.inference.onnx_network import OnnxNetwork
from triad.fusion.training.loading import views_of
from triad.modalities.atomic_files import atomic_write
from triad.modalities.checks import check_choice, fail


def export(loaded: LoadedModel, out: str | Path, *, stream: str | None = None) -> dict[str, Any]:
    """Write a model as ONNX if onnxruntime gives the scores of torch on random input, and return its description.

    The centre crop of a test is in the graph.

    Args:
        loaded: model to export; its recognizer is moved to the CPU.
        out: path of the file to write.
        stream: name of the only stream to export; None exports all.

    Raises:
        InputError: If there is no such stream, the file cannot be written, or ONNX cannot hold the network.
    """
    config = loaded.config
    model = loaded.recognizer.cpu()
    out = Path(out)
    if out.suffix != ".onnx":
        fail("exported file", "end in .onnx", f"'{out}'")
    streams = model.test_streams
    if stream is not None:
        streams = [check_choice("exported stream", stream, model.scored_streams)]
    preprocessor = model.data_preprocessor
    transforms = [preprocessor.transforms[name] for name in streams]
    if model.multi_label:
        cure = "predict runs its checkpoint"
        fail(f"model of '{config.filename}'", "have one class a clip, as exported files do", "several", cure)
    reads_places = any(
        getattr(transform, "reads", ()) or getattr(transform, "reads_pixels", False) for transform in transforms
    )
    if reads_places or set(preprocessor.places_of) - set(model.train_only):
        fail(f"model of '{config.filename}'", "not read joints as places, which ONNX inputs lack", "one that does")
    with atomic_write(out) as temporary:
        temporary.touch()  # fails before the work if the file cannot be written
        document = describe_model(loaded, streams=streams)
        modalities = {name: row["modality"] for name, row in document["streams"].items()}
        batch = random_batch(config, num_samples=2, num_persons=min(max_persons(model) or 2, 2))
        document |= describe_tensors(batch, modalities, len(loaded.classes), scored=model.scored_streams)
        program = _trace(RecognizerGraph(model, streams, views_of(config)[0]).eval(), batch, document)
        _record_fixed_sizes(document, program)
        program.model.metadata_props[METADATA_KEY] = json.dumps(document, ensure_ascii=False)
        program.save(str(temporary))
        difference = largest_difference(model, OnnxNetwork(temporary), config, streams)
        if not difference <= TOLERANCE:
            fail(f"onnxruntime's scores of '{out}'", f"be within {TOLERANCE} of torch's", f"{difference:.2g} apart")
    return {**document, "difference": difference}


def _trace(graph: RecognizerGraph, batch: Batch, document: dict[str, Any]) -> Any:
    inputs: dict[str, dict[str, torch.Tensor]] = {}
    dynamic_axes: dict[str, dict[str, dict[int, str]]] = {}
    for row in document["inputs"]:
        stream = row["stream"]
        field = row["field"]
        inputs.setdefault(stream, {})[field] = batch[stream][field]
        names = {axis: size for axis, size in enumerate(row["shape"]) if isinstance(size, str)}
        dynamic_axes.setdefault(stream, {})[field] = names
    try:
        with _silence_exporter(), torch.no_grad():
            return torch.onnx.export(
                graph,
                (),
                kwargs={"inputs": inputs},
                dynamic_shapes={"inputs": dynamic_axes},
                input_names=[row["name"] for row in document["inputs"]],
                output_names=[row["name"] for row in document["outputs"]],
                dynamo=True,
                verbose=False,
            )
    except torch.onnx.OnnxExporterError as error:
        reason = str(error.__cause__ or error).strip().splitlines()[0]
        cure = "export its streams one by one (--stream)" if len(document["streams"]) > 1 else None
        fail(f"model of '{document['config']}'", "be one that ONNX can hold", reason, cure)


def _record_fixed_sizes(document: dict[str, Any], program: Any) -> None:
    """Replace the names of axes whose size the graph has fixed, such as two persons, by that size."""
    shapes = {value.name: list(value.shape) for value in program.model.graph.inputs}
    for row in document["inputs"]:
        shape = shapes[row["name"]]
        row["shape"] = [size if isinstance(size, int) else name for size, name in zip(shape, row["shape"], strict=True)]
        if isinstance(shape[0], int):
            fail(f"graph of '{document['config']}'", "take any number of samples", shape[0])


@contextlib.contextmanager
def _silence_exporter() -> Iterator[None]:
    """Suppress what the exporter prints, logs and warns about."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)
