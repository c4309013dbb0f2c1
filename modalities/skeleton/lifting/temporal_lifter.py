"""mmpose's temporal convolutions as a lifter whose input marks the visible joints."""

from __future__ import annotations

from typing import Any

from mmengine.registry import DefaultScope
from torch import Tensor, nn

from triad.modalities.checks import fail
from triad.modalities.openmmlab import import_mmpose
from triad.modalities.registry import MODELS
from triad.modalities.skeleton.layouts import get_layout


@MODELS.register_module()
class TemporalLifter(nn.Module):
    """mmpose's ``PoseLifter`` of ``TCN`` and ``TemporalRegressionHead`` over a window of 2D joints.

    Pavllo et al. 2019, 3D Human Pose Estimation in Video with Temporal Convolutions and Semi-supervised Training. The
    published network reads two numbers a joint and has no input for a missing one; this one reads three (see
    :func:`triad.modalities.skeleton.lifting.windowing.normalise_pixels`).

    Args:
        layout: name of the 3D layout of the output.
        input_joints: names of the joints of that layout that are read; 2D layouts lack the others.
        num_blocks: number of blocks of temporal convolutions, each of which trebles the window: 2 make 27 frames.
        channels: number of channels of every convolution (1024 as published).
        dropout: probability of dropout, 0–1.

    Raises:
        ImportError: If mmpose is not installed, saying how to install it.
        InputError: for an unknown layout or joint, or no blocks.

    Shapes: float32 ``[B, T, J, 3]``, ``T`` as :attr:`num_frames` -> ``[B, V, 3]``, metres about the root, middle frame.
    """

    def __init__(
        self,
        *,
        layout: str,
        input_joints: tuple[str, ...],
        num_blocks: int = 2,
        channels: int = 256,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.layout = get_layout(layout)
        self.input_joints = tuple(input_joints)
        for joint in self.input_joints:
            self.layout.index(joint)
        if num_blocks < 1:
            fail("TemporalLifter.num_blocks", "be 1 or more", num_blocks)
        self.num_frames = 3 ** (num_blocks + 1)
        backbone = dict(
            type="TCN",
            in_channels=3 * len(self.input_joints),
            stem_channels=channels,
            num_blocks=num_blocks,
            kernel_sizes=(3,) * (num_blocks + 1),
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

    def loss(self, predicted: Tensor, target: Tensor, visible: Tensor) -> Tensor:
        """Return the loss of mmpose's head, the mean distance of joints in metres; invisible joints count as right.

        Args:
            predicted: joints about the root, metres.
            target: true joints.
            visible: True for joints with a known target.

        Shapes: ``[B, V, 3]`` twice, bool ``[B, V]`` -> scalar.
        """
        loss: Tensor = self.lifter.head.loss_module(predicted, target, visible[..., None].to(predicted))
        return loss
