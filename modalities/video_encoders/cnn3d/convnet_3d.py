"""3D-ConvNet: C3D with batch normalisation, the second of the five architectures of Carreira and Zisserman."""

from __future__ import annotations

from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.cnn3d.c3d import C3d


@MODELS.register_module()
class ConvNet3d(C3d):
    """3D-ConvNet (Carreira and Zisserman 2017, Quo Vadis, Action Recognition?, §2.2), up to ``fc7``.

    It is C3D with batch normalisation after every convolution and fully connected layer, and a first pool of two times,
    for 16 frames of 112²: 79.6 million parameters with 400 classes.

    Args:
        in_channels: channels of the input: 3 for RGB, 2 for flow.
        fc_channels: length of ``fc6`` and ``fc7``.
        dropout: probability of dropout between ``fc6`` and ``fc7``.

    Shapes: those of :class:`C3d`.

    Raises:
        InputError: on use, for ``data`` of another shape.
    """

    def __init__(self, *, in_channels: int = 3, fc_channels: int = 4096, dropout: float = 0.5) -> None:
        super().__init__(
            in_channels=in_channels, batch_norm=True, pool1_times=2, fc_channels=fc_channels, dropout=dropout
        )
