"""Loss of a recognizer by its name."""

from __future__ import annotations

from triad.fusion.heads.class_loss import ClassLoss
from triad.fusion.heads.multi_label_loss import MULTI_LABEL_LOSSES, MultiLabelLoss
from triad.modalities.checks import check_choice, fail

CROSS_ENTROPY = "cross_entropy"


def build_loss(
    loss: str, *, num_classes: int, label_smoothing: float, class_weighting: float, logit_adjustment: float
) -> ClassLoss | MultiLabelLoss:
    """Return the loss of that name; the options are those of :class:`ClassLoss`.

    Raises:
        InputError: If the name is unknown, or a sigmoid loss is given an option of the cross-entropy.
    """
    check_choice("Recognizer.loss", str(loss), (CROSS_ENTROPY, *MULTI_LABEL_LOSSES))
    options = {
        "label_smoothing": label_smoothing,
        "class_weighting": class_weighting,
        "logit_adjustment": logit_adjustment,
    }
    if loss == CROSS_ENTROPY:
        return ClassLoss(num_classes=num_classes, **options)
    for name, value in options.items():
        if value:
            fail(f"Recognizer.{name}", f"be 0 with loss='{loss}'", value, "it belongs to the cross-entropy")
    return MultiLabelLoss(loss)
