"""Pooling of a feature map to one vector a sample, over valid times and present persons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from triad.modalities.checks import check_choice, fail
from triad.modalities.valid_times import mean_over_valid, valid_or_all


def pool(
    feature_map: Tensor, axes: str, valid: Tensor, *, temporal_bins: int = 1, statistics: Sequence[str] = ("mean",)
) -> Tensor:
    """Return statistics over the valid times (and persons) of the mean over positions, or over all where none is valid.

    The mean over all times does not depend on their order: sitting down and getting up look the same. With several
    ``temporal_bins`` the times are divided into equal bins, each bin has its own statistics, and these are concatenated
    in order (as the heads of Carreira & Zisserman 2017 and Das et al. 2019 keep positions in time apart).

    Args:
        feature_map: map of an encoder.
        axes: axes of the map, ``"BCTHW"``, ``"BTNC"``, ``"BCT"``, ``"BMCTV"`` or ``"BC"``.
        valid: mask of valid times (of each person).
        temporal_bins: number of bins of the times.
        statistics: ``mean``, ``std`` (of the times in the bin, not of a population) and ``max``, in the order in which
            they are concatenated.

    Shapes: ``"BCTHW"``, ``"BTNC"``, ``"BCT"`` with valid ``[B, T]``, ``"BMCTV"`` with valid ``[B, M, T]`` ->
    ``[B, len(statistics) · temporal_bins · C]``; ``"BC"`` -> ``[B, C]``.

    Raises:
        InputError: If the axes or a statistic are others.
    """
    if axes == "BC":
        return feature_map
    values, mask = _over_positions(feature_map, axes, valid)  # [B, C, T, M], [B, T, M]
    times = values.shape[2]
    vectors = []
    for statistic in statistics:
        reduce = STATISTICS[check_choice("pooling statistic", statistic, STATISTICS)]
        for index in range(temporal_bins):
            start = index * times // temporal_bins
            end = -(-(index + 1) * times // temporal_bins)  # rounded up, so that no bin is empty
            vectors.append(reduce(values[:, :, start:end].flatten(2), valid_or_all(mask[:, start:end].flatten(1))))
    return torch.cat(vectors, dim=1)


def check_pooling(temporal_bins: int, statistics: Sequence[str]) -> None:
    """Check the arguments of :func:`pool` before a model is built with them.

    Raises:
        InputError: If there is no bin or statistic, or a statistic has another name.
    """
    if temporal_bins < 1:
        fail("temporal_bins", "be at least 1", temporal_bins)
    if isinstance(statistics, str) or not statistics:
        fail("pooling", f"be one or more of {', '.join(STATISTICS)}", f"{statistics!r}", "pooling=('mean',)")
    for statistic in statistics:
        check_choice("pooling statistic", statistic, STATISTICS)


def _over_positions(feature_map: Tensor, axes: str, valid: Tensor) -> tuple[Tensor, Tensor]:
    """Return the mean over positions and its mask: ``[B, C, T, M]`` and bool ``[B, T, M]``, without persons M = 1."""
    if axes == "BMCTV":
        return feature_map.mean(4).permute(0, 2, 3, 1), valid.transpose(1, 2)
    if axes == "BCTHW":
        values = feature_map.mean((3, 4))
    elif axes == "BTNC":
        values = feature_map.mean(2).transpose(1, 2)
    elif axes == "BCT":
        values = feature_map
    else:
        fail("feature map", "have axes BCTHW, BTNC, BCT, BMCTV or BC", axes)
    return values[..., None], valid[..., None]


def _std(values: Tensor, mask: Tensor) -> Tensor:
    variance = mean_over_valid((values - mean_over_valid(values, mask)[..., None]).square(), mask)
    return variance.clamp(min=1e-8).sqrt()  # the root has no gradient at 0


def _max(values: Tensor, mask: Tensor) -> Tensor:
    return values.masked_fill(~mask[:, None], -torch.inf).amax(2)


STATISTICS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {"mean": mean_over_valid, "std": _std, "max": _max}
"""Reductions ``[B, C, N]``, bool ``[B, N]`` -> ``[B, C]``, each mask with a valid entry a row."""
