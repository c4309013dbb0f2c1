"""Network over the objects of each time."""

from __future__ import annotations

from torch import Tensor, nn

from triad.modalities.checks import check_shape
from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.registry import MODELS

OBJECTS = "objects"
"""Name of the tap that holds the features of each object."""


@MODELS.register_module()
class ObjectSetEncoder(Encoder):
    """Set of the objects of each time, then their change over time.

    One network of two layers reads every object; the highest value of each channel over the objects of a time is its
    vector (Qi et al. 2017, PointNet), so that their order means nothing. Two convolutions over time follow. A time
    without objects has a vector of zeros.

    Args:
        in_channels: number of channels of an object, see :class:`~triad.modalities.objects.transforms.ObjectTransform`.
        channels: number of channels of the map.
        kernel_size: times that each convolution reads, an odd number.

    Shapes: ``data`` ``[B, C, T, K]``, ``valid`` bool ``[B, T]`` -> ``map`` ``[B, C', T]``; tap ``objects`` ``[B, T, K,
    C']``, 0 for absent objects.
    """

    output_axes = "BCT"

    def __init__(self, *, in_channels: int, channels: int = 64, kernel_size: int = 5) -> None:
        super().__init__()
        self.in_channels = in_channels
        self.out_channels = channels
        self.object_layers = nn.Sequential(
            nn.Linear(in_channels, channels), nn.ReLU(), nn.Linear(channels, channels), nn.ReLU()
        )
        self.temporal_layers = nn.Sequential(
            nn.Conv1d(channels, channels, kernel_size, padding=kernel_size // 2, bias=False),
            nn.BatchNorm1d(channels),
            nn.ReLU(),
            nn.Conv1d(channels, channels, kernel_size, padding=kernel_size // 2, bias=False),
            nn.BatchNorm1d(channels),
            nn.ReLU(),
        )

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        check_shape("batch of objects", data, ["B", "C", "T", "K"], C=self.in_channels)
        is_present = (data != 0).any(1)[..., None]  # [B, T, K, 1]
        objects = self.object_layers(data.permute(0, 2, 3, 1)) * is_present
        sets = objects.amax(2).transpose(1, 2)  # [B, C', T]
        return EncoderOutput(self.temporal_layers(sets), taps={OBJECTS: objects})
