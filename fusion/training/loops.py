"""Training loops beside mmengine's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from mmengine.dist import get_world_size
from mmengine.logging import print_log
from mmengine.runner import EpochBasedTrainLoop, Runner
from torch.utils.data import DataLoader

from triad.fusion.models import Recognizer
from triad.fusion.predictions import groups_of, held_out_units
from triad.fusion.training.linear_probe import STRENGTHS, fit_linear_probe
from triad.modalities.checks import fail
from triad.modalities.registry import LOOPS


@LOOPS.register_module()
class LinearProbeLoop(EpochBasedTrainLoop):
    """Training of the heads alone, on features of encoders that stay as they are.

    The features of every training sample are computed ``passes`` times, each with another draw of times and
    augmentation, and a logistic regression of every stream is fitted on them (see
    :func:`~triad.fusion.training.linear_probe.fit_linear_probe`); its weights become those of the stream's linear head.
    The result is a checkpoint as any other. Optimizer and schedule of the config are not used.

    Args:
        passes: number of passes over the training samples.
        strengths: inverse regularisations to choose from.
        folds: number of folds of the choice.

    Raises:
        InputError: If there are several processes, or ``passes`` is below 1.
    """

    def __init__(
        self,
        runner: Runner,
        dataloader: DataLoader | dict[str, Any],
        *,
        passes: int = 1,
        strengths: Sequence[float] = STRENGTHS,
        folds: int = 4,
    ) -> None:
        if passes < 1:
            fail("LinearProbeLoop.passes", "be at least 1", passes)
        if get_world_size() > 1:
            fail("LinearProbeLoop", "run in one process", get_world_size(), "start it without a launcher")
        super().__init__(runner, dataloader, max_epochs=1)
        self.passes = passes
        self.strengths = tuple(strengths)
        self.folds = folds
        self._max_iters = passes * len(self.dataloader)

    def run_epoch(self) -> None:
        """Compute all features, fit the heads and end the only epoch."""
        self.runner.call_hook("before_train_epoch")
        self.runner.model.eval()
        dataset = self.dataloader.dataset
        vectors: dict[str, list[np.ndarray]] = {}
        samples: dict[str, list[tuple[str, int]]] = {}
        for number in range(self.passes):
            dataset.set_epoch(number, self.runner.seed)
            for position, batch in enumerate(self.dataloader):
                if batch["label"].ndim != 1:
                    fail("linear probe", "learn from samples of one class", "a multi-label dataset", "train the heads")
                self.runner.call_hook("before_train_iter", batch_idx=position, data_batch=batch)
                for name, (rows, values) in self._encode(batch).items():
                    vectors.setdefault(name, []).append(values)
                    samples.setdefault(name, []).extend((batch["id"][row], int(batch["label"][row])) for row in rows)
                self.runner.call_hook("after_train_iter", batch_idx=position, data_batch=batch, outputs=None)
                self._iter += 1
        ids = [record["id"] for record in dataset.records]
        units = held_out_units(groups_of(dataset.records, ids), ids)
        self._fit(vectors, samples, dict(zip(ids, units.tolist(), strict=True)))
        self.runner.call_hook("after_train_epoch")
        self._epoch += 1

    @torch.no_grad()
    def _encode(self, batch: Mapping[str, Any]) -> dict[str, tuple[list[int], np.ndarray]]:
        """Return, for each stream, the rows that have it and their pooled vectors, float32 ``[P, C]``."""
        model: Recognizer = self.runner.model
        prepared = model.data_preprocessor(batch, True)["batch"]
        features, _, _ = model.fuse(model.encode(prepared)[0], prepared)
        return {
            name: (stream.rows.tolist(), model.pool(stream).float().cpu().numpy()) for name, stream in features.items()
        }

    def _fit(
        self,
        vectors: Mapping[str, list[np.ndarray]],
        samples: Mapping[str, list[tuple[str, int]]],
        sources: Mapping[str, str],
    ) -> None:
        model: Recognizer = self.runner.model
        for name in model.heads:
            labels = np.array([label for _, label in samples.get(name, [])])
            if not (labels >= 0).any():
                fail(f"training samples of stream '{name}'", "be labelled and have the stream", "none")
            groups = np.array([sources[sample] for sample, _ in samples[name]])
            labelled = labels >= 0
            probe = fit_linear_probe(
                np.concatenate(vectors[name])[labelled],
                labels[labelled],
                groups[labelled],
                num_classes=model.num_classes,
                strengths=self.strengths,
                folds=self.folds,
            )
            model.heads[name].load_state_dict(
                {"fc.weight": torch.from_numpy(probe.weight), "fc.bias": torch.from_numpy(probe.bias)}
            )
            print_log(
                f"linear probe of '{name}': C {probe.strength:g}, mean class accuracy {probe.accuracy:.3f} in "
                f"cross-validation over {len(set(groups))} sources of the training samples",
                logger="current",
            )
