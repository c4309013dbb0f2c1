"""Base of the video transformers: tokens, steps from tokens to tokens, output."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

from torch import Tensor

from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.video_encoders.transformers.layers import ClipTokens


class SteppedEncoder(Encoder):
    """Transformer over the patches of a clip that can be entered between any two of its blocks.

    :meth:`forward` is :meth:`embed`, every function of :meth:`steps` in order, and :meth:`finish`. The tap ``block<i>``
    has the patches after step ``i``, ``[B, T, N, C]``.

    Shapes: ``data`` ``[B, in_channels, T, H, W]``, ``valid`` ``[B, T]`` -> ``map`` ``[B, T', N, out_channels]`` with
    ``n = y · W' + x`` of the grid of patches. ``valid`` is not used: every token sees every frame, valid or not.
    """

    output_axes = "BTNC"

    @abstractmethod
    def embed(self, data: Tensor) -> ClipTokens:
        """Return the tokens that the first step reads."""
        ...

    @abstractmethod
    def steps(self) -> list[Callable[[ClipTokens], ClipTokens]]:
        """Return the blocks in order, each a function from tokens to tokens."""
        ...

    @abstractmethod
    def finish(self, tokens: ClipTokens) -> EncoderOutput:
        """Return the output from the tokens that the last step returned."""
        ...

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        tokens = self.embed(data)
        taps = {}
        for index, step in enumerate(self.steps()):
            tokens = step(tokens)
            taps[f"block{index}"] = tokens.patches
        output = self.finish(tokens)
        return EncoderOutput(output.map, output.pooled, {**taps, **output.taps})
