"""Contract of every video encoder, as tests that each folder of encoders imports and runs on its own ``CASES``.

A module of tests defines ``CASES``, a dict of :class:`Case`; ``conftest.py`` runs every imported test on each of them.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import lru_cache, partial
from typing import NamedTuple

import pytest
import torch
from torch import Tensor, nn

from triad.modalities.checks import InputError
from triad.modalities.cost import TOTAL, count_macs, count_parameters
from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.meta_device import build_on_meta


class Case(NamedTuple):
    """One encoder at a small size, and its published figures.

    Attributes:
        build: partial of the encoder's class, without ``in_channels``.
        small_thw: times, height and width of the input of a fast test.
        map_shape: shape of the map of one such input, without the batch, in the encoder's axes.
        parameters: number of parameters with 3 input channels and ``extra`` (a classifier), as published.
        published_thw: input of the published GMACs.
        gmacs: published 10⁹ multiply-accumulates.
        extra: parameters of the published count that are not the encoder's: its classifier.
        channels: numbers of input channels that make sense: 3 for RGB, 2 (or 2L) for flow.
        tolerance: largest relative error of bfloat16, of the map's root mean square.
        gmacs_tolerance: relative tolerance of the GMACs.
        build_small: partial for the small tests, where the published network is too large for them.
    """

    build: partial[Encoder]
    small_thw: tuple[int, int, int]
    map_shape: tuple[int, ...]
    parameters: int
    published_thw: tuple[int, int, int]
    gmacs: float
    extra: int = 0
    channels: tuple[int, ...] = (3, 2)
    tolerance: float = 0.1
    gmacs_tolerance: float = 1e-3
    build_small: partial[Encoder] | None = None

    def small(self, in_channels: int) -> Encoder:
        """Return a new network of the small tests, with weights of seed 0."""
        encoder, random_state = build_once(self.build_small or self.build, in_channels)
        torch.set_rng_state(random_state)
        return deepcopy(encoder)


@lru_cache(maxsize=2)  # for RGB and for flow; tests come case by case
def build_once(build: partial[Encoder], in_channels: int) -> tuple[Encoder, Tensor]:
    """Return a network with weights of seed 0, which take longer to draw than to copy, and the random state after."""
    torch.manual_seed(0)
    return build(in_channels=in_channels), torch.get_rng_state()


def make_clip(case: Case, in_channels: int, batch: int = 2) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    data = torch.randn(batch, in_channels, *case.small_thw, generator=generator)
    return data, torch.ones(batch, case.small_thw[0], dtype=torch.bool)


def open_zeros(encoder: nn.Module) -> None:
    """Give norms and parameters that start at zero random values: they block the gradient of the layers before them."""
    for module in encoder.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d | nn.BatchNorm3d) and module.affine:
            nn.init.uniform_(module.weight, 0.5, 1.5)
    for parameter in encoder.parameters():
        if not parameter.any():
            nn.init.normal_(parameter, std=0.1)


def outputs(output: EncoderOutput) -> list[Tensor]:
    """Return what a loss can be made of: the map, the pooled vector and the auxiliary losses."""
    return [output.map, *([] if output.pooled is None else [output.pooled]), *output.losses.values()]


def both_streams(test: Callable[..., None]) -> Callable[..., None]:
    """Run a test for RGB and for flow."""
    return pytest.mark.parametrize("in_channels", [3, 2], ids=["rgb", "flow"])(test)


def skip_other_channels(case: Case, in_channels: int) -> None:
    if in_channels not in case.channels:
        pytest.skip(f"takes {case.channels} channels")


def keep_all_layers(encoder: nn.Module) -> None:
    """Let no layer be left out at random, which by chance leaves its parameters without a gradient."""
    for module in encoder.modules():
        if type(module).__name__ in ("StochasticDepth", "DropPath"):
            module.eval()


@both_streams
def test_map_and_gradients(case: Case, in_channels: int):
    skip_other_channels(case, in_channels)
    encoder = case.small(in_channels)
    assert isinstance(encoder, Encoder)
    assert encoder.in_channels == in_channels
    open_zeros(encoder)
    keep_all_layers(encoder)
    output = encoder(*make_clip(case, in_channels))
    assert output.map.shape == (2, *case.map_shape)
    assert output.map.shape[encoder.output_axes.index("C")] == encoder.out_channels
    assert (None if output.pooled is None else output.pooled.shape[1]) == encoder.pooled_channels
    sum((value * torch.randn_like(value)).sum() for value in outputs(output)).backward()
    without = [
        name
        for name, parameter in encoder.named_parameters()
        if parameter.requires_grad and (parameter.grad is None or not parameter.grad.abs().sum() > 0)
    ]
    assert without == []


def test_sample_does_not_depend_on_batch(case: Case):
    encoder = case.small(case.channels[0]).eval()
    open_zeros(encoder)
    data, valid = make_clip(case, case.channels[0])
    with torch.no_grad():
        expected = encoder(data, valid).map
        torch.testing.assert_close(encoder(data, valid).map, expected, rtol=0, atol=0)
        alone = encoder(data[:1], valid[:1]).map
    torch.testing.assert_close(alone, expected[:1], rtol=1e-3, atol=1e-3 * expected.abs().max().item())


@both_streams
def test_step_lowers_loss(case: Case, in_channels: int):
    """One small step along the gradient of a linear classifier's loss, on the batch that it was computed on."""
    skip_other_channels(case, in_channels)
    encoder = case.small(in_channels).eval()  # without dropout, with fixed batch statistics: the same function twice
    data, valid = make_clip(case, in_channels)
    labels = torch.tensor([0, 1])
    features = _vector(encoder, data, valid)
    head = nn.Linear(features.shape[1], 2)
    parameters = [parameter for parameter in [*encoder.parameters(), *head.parameters()] if parameter.requires_grad]
    loss = nn.functional.cross_entropy(head(features), labels)
    gradients = torch.autograd.grad(loss, parameters, allow_unused=True)
    norm = sum(gradient.square().sum() for gradient in gradients if gradient is not None).sqrt()
    with torch.no_grad():
        for parameter, gradient in zip(parameters, gradients, strict=True):
            if gradient is not None:
                parameter -= 1e-3 / norm * gradient
        assert nn.functional.cross_entropy(head(_vector(encoder, data, valid)), labels) < loss


def _vector(encoder: Encoder, data: Tensor, valid: Tensor) -> Tensor:
    output = encoder(data, valid)
    if output.pooled is not None:
        return output.pooled
    channel = encoder.output_axes.index("C")
    return output.map.movedim(channel, 1).flatten(2).mean(2)


def test_bfloat16_agrees(case: Case):
    encoder = case.small(case.channels[0]).eval()
    open_zeros(encoder)
    data, valid = make_clip(case, case.channels[0])
    with torch.no_grad():
        expected = encoder(data, valid).map
        with torch.autocast("cpu", torch.bfloat16):
            output = encoder(data, valid).map.float()
    error = (output - expected).square().mean().sqrt() / expected.square().mean().sqrt()
    assert error < case.tolerance


def test_cost_is_published(case: Case):
    encoder = build_on_meta(partial(case.build, in_channels=case.channels[0]))
    with torch.device("meta"):
        valid = torch.empty(1, case.published_thw[0], dtype=torch.bool)
        data = torch.empty(1, case.channels[0], *case.published_thw)
    macs = count_macs(encoder, data, valid)
    assert count_parameters(encoder) + case.extra == case.parameters
    assert macs[TOTAL] / 1e9 == pytest.approx(case.gmacs, rel=case.gmacs_tolerance)


def test_other_channels_are_refused(case: Case):
    encoder, _ = build_once(case.build_small or case.build, case.channels[-1])
    data, valid = make_clip(case, case.channels[-1] + 1)
    name = case.build.func.__name__
    expected = rf"input of {name} must have shape \[B, {case.channels[-1]}, T, H, W\], got \[2, "
    with pytest.raises(InputError, match=expected):
        encoder(data, valid)


@pytest.mark.slow
def test_compiles(case: Case):
    encoder = case.small(case.channels[0]).eval()
    data, valid = make_clip(case, case.channels[0])
    with torch.no_grad():
        expected = encoder(data, valid).map
        torch.testing.assert_close(torch.compile(encoder)(data, valid).map, expected, rtol=1e-3, atol=1e-3)
