"""Pathways of RGBPose-Conv3D, which are also its RGB and its pose network alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from torch import Tensor, nn
from torch.nn import functional as F

from triad.modalities.checks import check_choice, check_shape
from triad.modalities.encoder import EncoderOutput, MapEncoder
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.cnn3d.residual_blocks import Bottleneck3d, conv3d
from triad.modalities.weights import load_weights


class _Pathway(NamedTuple):
    """Numbers of a pathway.

    Attributes:
        planes: channels of the stem, and inside the blocks of the first stage.
        stem_stride: step of the stem in rows and columns, and of its pool.
        depths: number of blocks of each stage.
        strides: step of each stage in rows and columns.
        times: temporal size of the kernels of each stage.
        lateral_channels: channels that each stage reads of the other pathway.
        prefix: prefix of its keys in mmaction2's joint network.
    """

    planes: int
    stem_stride: int
    depths: tuple[int, ...]
    strides: tuple[int, ...]
    times: tuple[int, ...]
    lateral_channels: tuple[int, ...]
    prefix: str


PATHWAYS: Mapping[str, _Pathway] = {
    "rgb": _Pathway(64, 2, (3, 4, 6, 3), (1, 2, 2, 2), (1, 1, 3, 3), (0, 0, 128, 256), "rgb_path."),
    "pose": _Pathway(32, 1, (4, 6, 3), (2, 2, 2), (1, 3, 3), (0, 32, 64), "pose_path."),
}
OF_LATERALS = ("layer1_lateral.", "layer2_lateral.", "layer3_lateral.")
"""Keys of mmaction2's pathways that :class:`triad.fusion.models.RgbPoseConv3d` holds here."""


@MODELS.register_module()
class RgbPosePathway(MapEncoder):
    """Pathway of RGBPose-Conv3D (Duan et al. 2022, Revisiting Skeleton-based Action Recognition, §4.3).

    ``rgb`` is SlowOnly-R50, published for 8 frames of 224²; ``pose`` a narrower one of three stages without a stride in
    its stem and in time, for 32 heat maps of 56². Their first two connected stages have input channels for the maps of
    the other pathway, which are zeros where the pathway runs alone.

    Args:
        pathway: ``rgb`` or ``pose``.
        in_channels: channels of the input: 3 for RGB, 2 for flow, the number of heat maps.
        lateral: whether stages read the other pathway; False for the network alone.
        weights: path of a local checkpoint of mmaction2, of the joint network or of one alone, whose missing kernels
            of the other pathway's channels are then zeros; None for random weights.

    Shapes: ``data`` ``[B, in_channels, T, H, W]`` -> ``map`` ``[B, 2048, T, H / 32, W / 32]`` of RGB, ``[B, 512, T,
    H / 8, W / 8]`` of the pose; ``taps`` the stages by name.

    Raises:
        InputError: for another pathway or a file that does not fit, and on use for ``data`` of another shape.
    """

    def __init__(
        self, *, pathway: str, in_channels: int = 3, lateral: bool = True, weights: str | Path | None = None
    ) -> None:
        super().__init__()
        numbers = PATHWAYS[check_choice("RgbPosePathway.pathway", pathway, PATHWAYS)]
        stride = numbers.stem_stride
        self.in_channels = in_channels
        self.conv1 = conv3d(in_channels, numbers.planes, kernel=(1, 7), stride=(1, stride))
        self.bn1 = nn.BatchNorm3d(numbers.planes)
        self.maxpool = nn.MaxPool3d((1, 3, 3), (1, stride, stride), (0, 1, 1))
        self.stages: list[str] = []
        self.stage_channels: list[int] = []
        channels = numbers.planes
        for index, depth in enumerate(numbers.depths):
            extra = numbers.lateral_channels[index] if lateral else 0
            planes = numbers.planes * 2**index
            self.stage_channels.append(channels + extra)
            blocks = []
            for number in range(depth):
                blocks.append(
                    Bottleneck3d(
                        channels if number else channels + extra,
                        planes,
                        times=numbers.times[index],
                        stride=(1, 1) if number else (1, numbers.strides[index]),
                        attention=None,
                    )
                )
                channels = 4 * planes
            if extra:
                _mark_lateral(blocks[0], extra)
            self.stages.append(f"layer{index + 1}")
            self.add_module(self.stages[-1], nn.ModuleList(blocks))
        self.out_channels = channels
        self.end_points = ("conv1", "bn1", "maxpool", *self.stages)
        if weights is not None:
            load_weights(self, weights, prefixes=[numbers.prefix], classifier=OF_LATERALS)

    def steps(self) -> Sequence[Callable[[Tensor], Tensor]]:
        return [self._run_stem, *(self._stage(index) for index in range(len(self.stages)))]

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        check_shape(f"input of {type(self).__name__}", data, ["B", self.in_channels, "T", "H", "W"])
        taps = {}
        for name, step in zip(("stem", *self.stages), self.steps(), strict=True):
            data = step(data)
            taps[name] = data
        return EncoderOutput(data, taps=taps)

    def _run_stem(self, data: Tensor) -> Tensor:
        return self.maxpool(self.bn1(self.conv1(data)).relu())

    def _stage(self, index: int) -> Callable[[Tensor], Tensor]:
        blocks: nn.ModuleList = getattr(self, self.stages[index])
        channels = self.stage_channels[index]

        def run(data: Tensor) -> Tensor:
            if data.shape[1] < channels:  # the other pathway is not there
                data = F.pad(data, (0, 0, 0, 0, 0, 0, 0, channels - data.shape[1]))
            for block in blocks:
                data = block(data).map
            return data

        return run


def _mark_lateral(block: Bottleneck3d, channels: int) -> None:
    """Say of the convolutions that read a stage's input how many of its channels are the other pathway's."""
    for name in ("conv1", "downsample.0"):
        block.get_submodule(name).lateral_channels = channels  # type: ignore[assignment]
