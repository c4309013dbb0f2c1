"""Check of configs for what is measured by one class a sample."""

from __future__ import annotations

from mmengine.config import Config

from triad.fusion.training.config import has_multi_label_loss
from triad.modalities.checks import fail


def check_single_label(config: Config, subject: str) -> None:
    """Check that a config is of one class a sample, before anything is trained or predicted.

    Args:
        config: config of a recognizer.
        subject: what needs it, for the message.

    Raises:
        InputError: If its loss is one of several classes.
    """
    if has_multi_label_loss(config):
        cure = "test --dump each model, then: triad ablate TEST... --fit VAL..."
        fail(subject, "be measured on samples of one class", f"model.loss='{config.model.loss}'", cure)
