import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.skeleton import Poses, convert_units


def poses(points: list[float], layout: str = "ntu25") -> Poses:
    joints = np.tile(np.array(points, np.float32), (1, 2, 25, 1))
    return Poses(joints, np.ones(joints.shape[:3], np.float32), layout)


@pytest.mark.parametrize(("unit", "factor"), [("m", 1), ("cm", 0.01), ("mm", 0.001), (None, 1)])
def test_lengths_become_metres(unit: str | None, factor: float) -> None:
    converted = convert_units(poses([100, 200, 300]), unit=unit)
    np.testing.assert_allclose(converted.keypoints[0, 0, 3], np.array([100, 200, 300]) * factor, rtol=1e-6)


def test_fractions_become_pixels() -> None:
    converted = convert_units(poses([0.5, 0.25], "openpose25"), unit="fraction", size=(100, 200))
    assert converted.keypoints[0, 0, 0].tolist() == [100, 25]


@pytest.mark.parametrize(
    ("axes", "expected"),
    [("x -y z", [1, -2, 3]), ("-x,-y,z", [-1, -2, 3]), ("x-zy", [1, -3, 2]), ("+z x y", [3, 1, 2])],
)
def test_axes_name_right_down_away(axes: str, expected: list[float]) -> None:
    assert convert_units(poses([1, 2, 3]), axes=axes).keypoints[0, 1, 5].tolist() == expected


@pytest.mark.parametrize(
    ("layout", "options", "message"),
    [
        ("ntu25", {"axes": "x y"}, r"axes of joints must name each of x, y, z once, got 'x y'; say which"),
        ("ntu25", {"axes": "x x z"}, "must name each of x, y, z once"),
        ("ntu25", {"axes": "x y z w"}, "must name each of x, y, z once"),
        ("ntu25", {"unit": "pixel"}, "unit of joints of layout 'ntu25' must be one of cm, m, mm, got 'pixel'"),
        ("openpose25", {"unit": "mm"}, "must be one of fraction, pixel, got 'mm'"),
        ("openpose25", {"unit": "fraction"}, "must come with the size of their frames, got none; give the columns"),
    ],
)
def test_what_does_not_fit_is_named(layout: str, options: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        convert_units(poses([1.0, 2.0, 3.0] if layout == "ntu25" else [1.0, 2.0], layout), **options)  # type: ignore[arg-type]
