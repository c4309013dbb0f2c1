"""Published figures of the networks that encoders implement, with the settings they were counted in."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

DATA_ARGUMENTS = ("layout", "person_norms", "persons")
"""Arguments of an encoder that follow from the data; with others it is still the published network."""
IGNORED_ARGUMENTS = ("in_channels", "dropout", "joint_parts", "weights")
"""Arguments that do not change the network's size or are visible in the input already."""


class Published(NamedTuple):
    """Figures of a published network.

    Attributes:
        encoder: name of the encoder class.
        options: arguments of the encoder that differ from its defaults.
        shape: shape of one sample, ``[M, C, T, V]`` or ``[C, T, H, W]``.
        classes: number of classes of its linear classifier, which is counted too.
        parameters: number of parameters.
        gmacs: 10⁹ multiply-accumulates a sample; None where no count of this kind is known.
        source: paper, and code that was counted.
        difference: reason why this project's count differs; empty where it is equal (MACs within a thousandth).
    """

    encoder: str
    options: Mapping[str, Any]
    shape: Sequence[int]
    classes: int
    parameters: int
    gmacs: float | None
    source: str
    difference: str = ""


_AUTHORS = "counted in the authors' code"
_CTRGCN = f"Chen et al. 2021, CTR-GCN; {_AUTHORS}"
_EARLY_MEAN = "this CTR-GCN takes the mean over time before the relations, which saves MACs"
_STGCNPP = "Duan et al. 2022, ST-GCN++; counted in mmaction2"
_SGN = f"Zhang et al. 2020, SGN; {_AUTHORS}"

PUBLISHED = (
    Published(
        *("StGcn", {"layout": "ntu25_agcn"}, (2, 3, 300, 25), 60, 3_098_832, 17.093),
        f"Yan et al. 2018, ST-GCN; {_AUTHORS}",
    ),
    Published(
        *("StGcn", {"layout": "openpose18"}, (2, 3, 300, 18), 400, 3_177_140, 12.133),
        f"Yan et al. 2018, ST-GCN; {_AUTHORS}",
    ),
    Published(
        *("TwoStreamAgcn", {"layout": "ntu25_agcn"}, (2, 3, 300, 25), 60, 3_469_510, 19.407),
        f"Shi et al. 2019, 2s-AGCN, one stream; {_AUTHORS}",
    ),
    Published(
        *("TwoStreamAgcn", {"layout": "smarthome15_agcn", "person_norms": 1}, (1, 3, 400, 15), 31, 3_449_847, 7.624),
        f"Shi et al. 2019, 2s-AGCN, one stream, on Toyota Smarthome; {_AUTHORS}",
    ),
    Published(
        *("Aagcn", {"layout": "ntu25_agcn"}, (2, 3, 300, 25), 60, 3_781_668, 19.414),
        f"Shi et al. 2020, AAGCN; {_AUTHORS}",
    ),
    Published("CtrGcn", {"layout": "ntu25_agcn"}, (2, 3, 64, 25), 60, 1_446_672, 1.939, _CTRGCN, _EARLY_MEAN),
    Published("CtrGcn", {"layout": "ntu25_agcn"}, (2, 3, 64, 25), 120, 1_462_092, 1.939, _CTRGCN, _EARLY_MEAN),
    Published(
        *("CtrGcn", {"layout": "kinect20", "person_norms": 1}, (1, 3, 64, 20), 10, 1_426_892, 0.753),
        *(_CTRGCN, _EARLY_MEAN),
    ),
    Published(
        *("MsG3d", {"layout": "ntu25_agcn"}, (2, 3, 300, 25), 60, 3_194_595, 32.772),
        f"Liu et al. 2020, MS-G3D; {_AUTHORS}",
    ),
    Published("Sgn", {"layout": "ntu25"}, (1, 3, 20, 25), 60, 691_048, None, _SGN),
    Published("Sgn", {"layout": "ntu25"}, (1, 3, 20, 25), 120, 721_828, None, _SGN),
    Published(
        *("ShiftGcn", {"layout": "ntu25"}, (2, 3, 300, 25), 60, 757_182, 3.569),
        f"Cheng et al. 2020, Shift-GCN; {_AUTHORS}, without its shift in time",
        "this Shift-GCN computes 66,891 of the parameters, which are tables or kept at zero, and shifts in time by "
        "a convolution, which is counted",
    ),
    Published(
        *("Hyperformer", {"layout": "ntu25"}, (2, 3, 64, 25), 60, 2_729_194, 5.273),
        f"Zhou et al. 2022, Hyperformer; {_AUTHORS}",
        "this Hyperformer multiplies the query once with the sum of key and body part, which saves MACs",
    ),
    Published(
        *("SkeletonLstm", {"layout": "smarthome13"}, (1, 3, 30, 13), 31, 5_328_896 + 513 * 31, None),
        "Das et al. 2019, Toyota Smarthome; counted in Keras",
        "torch's LSTM has a second bias of 2,048 a layer, kept at zero here",
    ),
    Published("StGcnPlusPlus", {"layout": "ntu25"}, (2, 3, 100, 25), 60, 1_403_144, 2.925, _STGCNPP),
    Published("StGcnPlusPlus", {"layout": "coco17"}, (2, 3, 100, 17), 60, 1_393_016, 1.926, _STGCNPP),
    Published(
        *("Mmaction2Video", {"backbone": "posec3d"}, (17, 48, 56, 56), 60, 2_024_860, 15.631),
        "Duan et al. 2022, PoseC3D; counted in mmaction2",
    ),
)


def find_published(
    encoder: type, arguments: Mapping[str, Any], *, shape: Sequence[int], classes: int
) -> tuple[Published, list[str]] | None:
    """Return the published network that an encoder implements, in the nearest settings, and the differences.

    Args:
        encoder: class of the encoder.
        arguments: arguments of the encoder; another width or depth than published makes it another network.
        shape: shape of one input sample.
        classes: number of classes of its classifier.

    Returns:
        The figures and the differences in words; None where nothing is published of this network.
    """
    defaults = {
        name: parameter.default
        for name, parameter in inspect.signature(encoder).parameters.items()
        if name not in IGNORED_ARGUMENTS
    }
    settings = defaults | {name: _hashable(value) for name, value in arguments.items() if name in defaults}
    candidates: list[tuple[Published, list[str]]] = []
    for entry in PUBLISHED:
        published = defaults | dict(entry.options)
        if entry.encoder == encoder.__name__ and all(
            settings[name] == published[name] for name in defaults if name not in DATA_ARGUMENTS
        ):
            pairs = {name: (settings[name], published[name]) for name in DATA_ARGUMENTS if name in defaults}
            pairs["input"] = (_format_shape(shape), _format_shape(entry.shape))
            pairs["classes"] = (classes, entry.classes)
            differences = [
                f"{name} {value}, not {expected}" for name, (value, expected) in pairs.items() if value != expected
            ]
            candidates.append((entry, differences))
    return min(candidates, key=lambda candidate: len(candidate[1]), default=None)


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _format_shape(shape: Sequence[int]) -> str:
    return "×".join(map(str, shape))
