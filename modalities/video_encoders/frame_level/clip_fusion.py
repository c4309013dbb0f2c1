"""Karpathy's networks that see a clip: early, late and slow fusion of its frames."""

from __future__ import annotations

from torch import Tensor, nn

from triad.modalities.checks import check_choice, check_shape, fail
from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders.frame_level.karpathy_layers import CHANNELS, SIDE, conv_stages, norm
from triad.modalities.video_encoders.layers import fold_times, full_layers, initialise_relu_layers, unfold_times


@MODELS.register_module()
class EarlyFusion(Encoder):
    """Early fusion: the first convolution reads all frames at once.

    Karpathy et al. 2014, Large-scale Video Classification. Each filter of that convolution has weights for every frame,
    so that a shift in time is another input.

    Args:
        in_channels: channels of a frame: 3 for RGB, 2 for flow.
        num_frames: number of frames of a clip; published as 10.
        full_channels: outputs of the two fully connected layers; published as 4096 each.
        dropout: dropout between them, 0–1.

    Shapes: ``data`` ``[B, in_channels, num_frames, H, W]`` -> ``map`` ``[B, 256, 1, H', W']``, 7×7 at the published
    170²; ``pooled`` ``[B, full_channels[1]]``.

    Raises:
        InputError: on use, for ``data`` of another shape.
    """

    output_axes = "BCTHW"

    def __init__(
        self,
        *,
        in_channels: int = 3,
        num_frames: int = 10,
        full_channels: tuple[int, int] = (4096, 4096),
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        self.in_channels = in_channels
        self.num_frames = num_frames
        self.out_channels = CHANNELS
        self.pooled_channels = full_channels[1]
        self.layers = nn.ModuleList(conv_stages(in_channels * num_frames))
        self.full = full_layers(CHANNELS, side=SIDE, widths=full_channels, dropout=dropout)
        initialise_relu_layers(self)

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        _check_clip(self, data, self.num_frames)
        image = data.flatten(1, 2)  # [B, C·T, H, W]
        for stage in self.layers:
            image = stage(image)
        return EncoderOutput(image[:, :, None], self.full(image))


@MODELS.register_module()
class LateFusion(Encoder):
    """Late fusion: a network for each frame, with shared weights, merged after the last convolution.

    Karpathy et al. 2014, Large-scale Video Classification. Published for two frames, 15 apart. ``full`` merges them in
    the first fully connected layer, which sees their order; with ``mean`` the head takes the mean over places and
    times.

    Args:
        in_channels: channels of a frame: 3 for RGB, 2 for flow.
        num_frames: number of frames of a clip.
        merge: ``full`` or ``mean``.
        full_channels: outputs of the two fully connected layers; published as 4096 each.
        dropout: dropout between them, 0–1.

    Shapes: ``data`` ``[B, in_channels, num_frames, H, W]`` -> ``map`` ``[B, 256, num_frames, H', W']``, 7×7 at the
    published 170²; ``pooled`` ``[B, full_channels[1]]`` with ``full``.

    Raises:
        InputError: for an unknown merge; on use, for ``data`` of another shape.
    """

    output_axes = "BCTHW"

    def __init__(
        self,
        *,
        in_channels: int = 3,
        num_frames: int = 2,
        merge: str = "full",
        full_channels: tuple[int, int] = (4096, 4096),
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        check_choice("LateFusion.merge", merge, ("full", "mean"))
        self.in_channels = in_channels
        self.num_frames = num_frames
        self.out_channels = CHANNELS
        self.layers = nn.ModuleList(conv_stages(in_channels))
        self.full: nn.Module | None = None
        if merge == "full":
            self.pooled_channels = full_channels[1]
            self.full = full_layers(num_frames * CHANNELS, side=SIDE, widths=full_channels, dropout=dropout)
        initialise_relu_layers(self)

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        _check_clip(self, data, self.num_frames)
        frames = fold_times(data)
        for stage in self.layers:
            frames = stage(frames)
        features = unfold_times(frames, len(data))  # [B, 256, T, H', W']
        pooled = None if self.full is None else self.full(features.transpose(1, 2).flatten(1, 2))
        return EncoderOutput(features, pooled)


@MODELS.register_module()
class SlowFusion(Encoder):
    """Slow fusion: the first three convolutions also run over time.

    Karpathy et al. 2014, Large-scale Video Classification. They span 4, 2 and 2 times at stride 2 without padding: 10
    frames become 4, 2 and 1.

    Args:
        in_channels: channels of a frame: 3 for RGB, 2 for flow.
        full_channels: outputs of the two fully connected layers; published as 4096 each.
        dropout: dropout between them, 0–1.

    Shapes: ``data`` ``[B, in_channels, T, H, W]`` with T ≥ 10 -> ``map`` ``[B, 256, T', H', W']``, 1×7×7 at the
    published 10 frames of 170²; ``pooled``, of the mean over T', ``[B, full_channels[1]]``.

    Raises:
        InputError: on use, for ``data`` of another shape or of fewer than 10 frames.
    """

    output_axes = "BCTHW"

    def __init__(
        self, *, in_channels: int = 3, full_channels: tuple[int, int] = (4096, 4096), dropout: float = 0.5
    ) -> None:
        super().__init__()
        self.in_channels = in_channels
        self.out_channels = CHANNELS
        self.pooled_channels = full_channels[1]
        self.layers = nn.ModuleList(
            [
                nn.Sequential(nn.Conv3d(in_channels, 96, (4, 11, 11), (2, 3, 3)), nn.ReLU(), norm(), _pool()),
                nn.Sequential(nn.Conv3d(96, 256, (2, 5, 5), (2, 1, 1), (0, 2, 2)), nn.ReLU(), norm(), _pool()),
                nn.Sequential(nn.Conv3d(256, 384, (2, 3, 3), (2, 1, 1), (0, 1, 1)), nn.ReLU()),
                nn.Sequential(nn.Conv3d(384, 384, (1, 3, 3), 1, (0, 1, 1)), nn.ReLU()),
                nn.Sequential(nn.Conv3d(384, CHANNELS, (1, 3, 3), 1, (0, 1, 1)), nn.ReLU(), _pool()),
            ]
        )
        self.full = full_layers(CHANNELS, side=SIDE, widths=full_channels, dropout=dropout)
        initialise_relu_layers(self)

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        check_shape("input of SlowFusion", data, ["B", self.in_channels, "T", "H", "W"])
        if data.shape[2] < 10:
            fail("clip of SlowFusion", "have 10 frames or more", data.shape[2], "raise the stream's num_frames")
        for stage in self.layers:
            data = stage(data)
        return EncoderOutput(data, self.full(data.mean(2)))


def _check_clip(encoder: Encoder, data: Tensor, num_frames: int) -> None:
    name = type(encoder).__name__
    check_shape(f"input of {name}", data, ["B", encoder.in_channels, "T", "H", "W"])
    if data.shape[2] != num_frames:
        fail(
            f"clip of {name}",
            f"have {num_frames} frames",
            data.shape[2],
            "set num_frames of the encoder to num_frames of the stream",
        )


def _pool() -> nn.Module:
    return nn.MaxPool3d((1, 2, 2), ceil_mode=True)
