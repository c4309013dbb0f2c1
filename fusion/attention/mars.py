"""Network of RGB that learns the features of a flow network and is tested without flow.

Crasto, Weinzaepfel, Alahari, Schmid 2019, MARS: Motion-Augmented RGB Stream for Action Recognition (CVPR).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch.nn import functional as F

from triad.fusion.attention.driving_stream import mean_of_present, vectors_of
from triad.fusion.models import Features, FeatureShape, FusionModule, FusionOutput, shape_of
from triad.modalities.checks import fail
from triad.modalities.registry import MODELS


@MODELS.register_module()
class Mars(FusionModule):
    """Loss that brings the vector of an RGB network to that of a flow network of the same kind.

    MARS has the loss ``cross-entropy + α · mean squared error`` of the vectors before the classifier (the authors' code
    averages over channels) and starts from the flow network's weights (``model.pretrained``). The flow network is a
    teacher: it is trained before, gets no gradient here, should be ``frozen``, and its stream is ``train_only``, so
    that no flow is computed or read at test.

    Samples without one of the streams do not count.

    Args:
        shapes: shapes of the features of all streams.
        student: name of the stream that learns.
        teacher: name of the stream that is imitated; its vector has the same length.
        weight: weight α of the loss; 50 in the paper.

    Raises:
        InputError: If a stream is missing, or the vectors differ in length.
    """

    def __init__(self, *, shapes: Mapping[str, FeatureShape], student: str, teacher: str, weight: float = 50.0) -> None:
        super().__init__()
        name = type(self).__name__
        lengths = [
            shape_of(name, field, stream, shapes).vector_channels
            for field, stream in (("student", student), ("teacher", teacher))
        ]
        if lengths[0] != lengths[1]:
            cure = "use the same network for both"
            fail(f"vectors of '{student}' and '{teacher}' of {name}", "have one length", lengths, cure)
        self.student = student
        self.teacher = teacher
        self.weight = weight

    def forward(self, features: Features, batch: Mapping[str, Any]) -> FusionOutput:
        student = features.get(self.student)
        if student is None:
            return FusionOutput(features)
        targets, has_teacher = vectors_of(features.get(self.teacher), student)
        if targets is None:
            return FusionOutput(features)
        errors = F.mse_loss(student.vector(), targets.detach(), reduction="none").mean(1)  # [P]
        return FusionOutput(features, {"mars": self.weight * mean_of_present(errors, has_teacher)})
