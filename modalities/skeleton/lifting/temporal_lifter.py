"""mmpose's temporal convolutions as this project trains them: a window of 2D joints, some lost -> a 3D skeleton."""

from __future__ import annotations

from typing import Any

from mmengine.registry import DefaultScope
from torch import Tensor, nn

from modalities.checks import fail
from modalities.openmmlab import import_mmpose
from modalities.registry import MODELS
from modalities.skeleton.layouts import get_layout


@MODELS.register_module()
class TemporalLifter(nn.Module):
    """mmpose's ``PoseLifter`` of ``TCN`` and ``TemporalRegressionHead``, told with each joint whether it is seen.

    Pavllo et al. 2019, 3D Human Pose Estimation in Video with Temporal Convolutions and Semi-supervised Training. The
    published network reads two numbers a joint and cannot be told that one is lost; this one reads three
    (see :func:`modalities.skeleton.lifting.windows.normalise`).

    Args:
        layout: name of the 3D layout of what comes out.
        reads: joints of that layout that are read; the others are in no 2D layout of their own.
        blocks: of temporal convolutions, each trebling the window: 2 make 27 frames.
        channels: of every convolution (1024 as published).
        dropout: 0–1.

    Raises:
        ImportError: if mmpose is not installed, saying how to install it.
        InputError: for an unknown layout or joint, or no blocks.

    Shapes: float32 ``[B, T, J, 3]``, ``T`` as :attr:`frames` -> ``[B, V, 3]``, metres about the root, middle frame.
    """

    def __init__(
        self, *, layout: str, reads: tuple[str, ...], blocks: int = 2, channels: int = 256, dropout: float = 0.1
    ) -> None:
        super().__init__()
        self.layout = get_layout(layout)
        self.reads = tuple(reads)
        for joint in self.reads:
            self.layout.index(joint)
        if blocks < 1:
            fail("TemporalLifter.blocks", "be 1 or more", blocks)
        self.frames = 3 ** (blocks + 1)
        backbone = dict(
            type="TCN",
            in_channels=3 * len(self.reads),
            stem_channels=channels,
            num_blocks=blocks,
            kernel_sizes=(3,) * (blocks + 1),
            dropout=dropout,
            use_stride_conv=True,
        )
        head = dict(
            type="TemporalRegressionHead",
            in_channels=channels,
            num_joints=self.layout.num_joints,
            loss=dict(type="MPJPELoss", use_target_weight=True),
        )
        models: Any = import_mmpose().models
        with DefaultScope.overwrite_default_scope("mmpose"):  # its own defaults are bare strings of that scope
            self.lifter = models.PoseLifter(backbone=backbone, head=head)

    def forward(self, windows: Tensor) -> Tensor:
        data = windows.flatten(2).transpose(1, 2)  # [B, T, J, 3] -> [B, J·3, T]
        joints: Tensor = self.lifter(data, None, mode="tensor")  # [B, V, 3]
        return joints - joints[:, self.layout.root : self.layout.root + 1]

    def loss(self, predicted: Tensor, target: Tensor, seen: Tensor) -> Tensor:
        """mmpose's loss of the head, the mean distance of joints in metres; what is not seen counts as right.

        Shapes: ``[B, V, 3]`` twice, bool ``[B, V]`` -> scalar.
        """
        loss: Tensor = self.lifter.head.loss_module(predicted, target, seen[..., None].to(predicted))
        return loss
