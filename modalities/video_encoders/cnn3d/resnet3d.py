"""ResNet over frames or over space and time, with attention blocks by stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from triad.modalities.checks import check_choice, check_shape, fail
from triad.modalities.encoder import EncoderOutput, MapEncoder
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.cnn3d.residual_blocks import BasicBlock3d, Bottleneck3d, conv3d
from triad.modalities.video_encoders.layers import AttentionBlock
from triad.modalities.weights import load_weights
from triad.modalities.weights.published_files import published_cure

DEPTHS: Mapping[int, tuple[type[BasicBlock3d] | type[Bottleneck3d], tuple[int, int, int, int]]] = {
    18: (BasicBlock3d, (2, 2, 2, 2)),
    34: (BasicBlock3d, (3, 4, 6, 3)),
    50: (Bottleneck3d, (3, 4, 6, 3)),
    101: (Bottleneck3d, (3, 4, 23, 3)),
}
"""Kind and numbers of residual blocks by depth."""
STAGES = ("layer1", "layer2", "layer3", "layer4")


@MODELS.register_module()
class ResNet3d(MapEncoder):
    """ResNet (He et al. 2016) on every frame or inflated over time, with attention blocks where a config puts them.

    With the defaults it is torchvision's 2D network on every frame. ResNet-I3D (Wang et al. 2018, Non-local Neural
    Networks) has depth 50, ``temporal_kernels=dict(conv1=5, layer1=3, layer2=(3, 1), layer3=(3, 1), layer4=(1, 3))``
    and ``temporal_strides=dict(conv1=2, maxpool=2, pool2=2)``; SlowOnly ``temporal_kernels=dict(layer3=3, layer4=3)``.

    ``attention=dict(layer3=dict(type=NonLocal))`` gives every residual block of a stage its attention block,
    ``attention_after=dict(layer3=(1, 3, 5))`` those of these numbers alone. Squeeze-and-excitation and CBAM scale the
    branch of a residual block; the others follow it and start as the identity.

    Args:
        depth: number of layers of the 2D network: 18, 34, 50 or 101.
        in_channels: channels of the input: 3 for RGB, 2 for flow.
        temporal_kernels: odd number of times of the kernels of ``conv1`` and of the stages ``layer1`` to ``layer4``,
            a number or a sequence that the residual blocks of the stage take in turn; 1 where nothing is given.
        temporal_strides: step in time of ``conv1``, of ``maxpool``, of the stages, and of ``pool2``, a maximum over as
            many times after ``layer1``; 1 where nothing is given.
        attention: attention block of a stage, by the name of the stage.
        attention_after: numbers of the residual blocks of a stage that have it, from 0; all where nothing is given.
        weights: path of a local file of torchvision's or timm's ResNet, whose kernels are inflated, or of mmaction2's
            ResNet3d; None for random weights. Attention blocks that the file lacks keep their own.

    Shapes: ``data`` ``[B, in_channels, T, H, W]`` -> ``map`` ``[B, 512, T', H / 32, W / 32]``, 2048 channels from depth
    50 on, T' the times divided by all temporal strides; ``taps`` the stages by name, and what their attention weighs
    as ``layer3.1.read``.

    Raises:
        InputError: for an unknown depth or name, a place beyond a stage or a file that does not fit, and on use for
            ``data`` of another shape.
    """

    end_points = ("conv1", "bn1", "relu", "maxpool", "layer1", "pool2", "layer2", "layer3", "layer4")

    def __init__(
        self,
        *,
        depth: int = 50,
        in_channels: int = 3,
        temporal_kernels: Mapping[str, int | Sequence[int]] | None = None,
        temporal_strides: Mapping[str, int] | None = None,
        attention: Mapping[str, Mapping[str, Any]] | None = None,
        attention_after: Mapping[str, Sequence[int]] | None = None,
        weights: str | Path | None = None,
    ) -> None:
        super().__init__()
        if depth not in DEPTHS:
            fail("ResNet3d.depth", f"be one of {', '.join(map(str, DEPTHS))}", depth)
        block_type, num_blocks = DEPTHS[depth]
        kernels = _named("temporal_kernels", temporal_kernels, ("conv1", *STAGES))
        strides = _named("temporal_strides", temporal_strides, ("conv1", "maxpool", "pool2", *STAGES))
        attention = _named("attention", attention, STAGES)
        after = _named("attention_after", attention_after, list(attention))
        self.in_channels = in_channels
        stem_times = _in_turn(kernels.get("conv1", 1))[0]
        self.conv1 = conv3d(in_channels, 64, kernel=(stem_times, 7), stride=(strides.get("conv1", 1), 2))
        self.bn1 = nn.BatchNorm3d(64)
        self.relu = nn.ReLU()
        self.maxpool = nn.MaxPool3d((1, 3, 3), (strides.get("maxpool", 1), 2, 2), (0, 1, 1))
        pooled_times = strides.get("pool2", 1)
        self.pool2 = nn.MaxPool3d((pooled_times, 1, 1)) if pooled_times > 1 else nn.Identity()
        self.out_channels = 64
        for index, (name, depth_of_stage) in enumerate(zip(STAGES, num_blocks, strict=True)):
            planes = 64 * 2**index
            times = _in_turn(kernels.get(name, 1))
            stage_stride = (strides.get(name, 1), 2 if index else 1)
            blocks = []
            numbers = after.get(name, range(depth_of_stage))
            if not set(numbers) <= set(range(depth_of_stage)):
                must = f"be numbers from 0 to {depth_of_stage - 1}"
                fail(f"ResNet3d.attention_after of {name}", must, tuple(numbers))
            for block_index in range(depth_of_stage):
                has_attention = name in attention and block_index in numbers
                channels = planes * block_type.expansion
                blocks.append(
                    block_type(
                        self.out_channels,
                        planes,
                        times=times[block_index % len(times)],
                        stride=(1, 1) if block_index else stage_stride,
                        attention=MODELS.build({**attention[name], "channels": channels}) if has_attention else None,
                    )
                )
                self.out_channels = channels
            self.add_module(name, nn.Sequential(*blocks))
        if weights is not None:
            added = [f"{name}." for name, module in self.named_modules() if isinstance(module, AttentionBlock)]
            load_weights(self, weights, allow_missing=added, cure=published_cure("ResNet3d", depth=depth))

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        check_shape(f"input of {type(self).__name__}", data, ["B", self.in_channels, "T", "H", "W"])
        taps: dict[str, Tensor] = {}
        for name in self.end_points:
            data = self._run(name, data, taps)
            if name in STAGES:
                taps[name] = data
        return EncoderOutput(data, taps=taps)

    def steps(self) -> Sequence[Callable[[Tensor], Tensor]]:
        return [partial(self._run, name) for name in self.end_points]

    def _run(self, name: str, data: Tensor, taps: dict[str, Tensor] | None = None) -> Tensor:
        """Run an end point; what the attention of its blocks weighs goes into ``taps``."""
        module = getattr(self, name)
        if name not in STAGES:
            return module(data)
        for index, block in enumerate(module):
            data, weights = block(data)
            if taps is not None:
                taps |= {f"{name}.{index}.{kind}": values for kind, values in weights.items()}
        return data


def _named(argument: str, values: Mapping[str, Any] | None, names: Sequence[str]) -> Mapping[str, Any]:
    """Return the entries of an argument by name, none for None; unknown names are refused."""
    for name in values or {}:
        check_choice(f"name in ResNet3d.{argument}", name, names)
    return values or {}


def _in_turn(times: int | Sequence[int]) -> Sequence[int]:
    return (times,) if isinstance(times, int) else times
