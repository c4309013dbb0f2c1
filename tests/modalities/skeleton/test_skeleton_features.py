"""Steps that describe joints otherwise: bone motion, scores."""

from collections.abc import Sequence

import pytest
import torch
from torch import Tensor

from modalities.checks import InputError
from modalities.skeleton.layouts import Layout, get_layout
from modalities.skeleton.transforms import (
    AlignView,
    PoseStep,
    SkeletonTransform,
    ToBones,
    ToMotion,
)

HOME, JHMDB, COCO = get_layout("minihome16"), get_layout("jhmdb15"), get_layout("coco17")


def joints(layout: Layout = HOME, *, batch: int = 2, persons: int = 1, times: int = 4) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    points = torch.randn(batch, persons, times, layout.num_joints, layout.dims, generator=generator) + 3
    return points, torch.ones(points.shape[:-1], dtype=torch.bool)


# ---- all of them --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [AlignView(), AlignView(upright=False)], ids=lambda step: type(step).__name__)
def test_steps_change_neither_input_nor_make_nan(step: PoseStep):
    points, seen = joints(persons=2, batch=3)
    seen[1, 1] = False  # an absent person
    seen[0, :, 2] = False  # nobody for a while
    seen[2] = False  # nobody at all
    points *= seen[..., None]
    before, seen_before = points.clone(), seen.clone()
    found, shown = step(points, seen, HOME)
    assert torch.equal(points, before)
    assert torch.equal(seen, seen_before)
    assert found.isfinite().all()
    assert found.shape[:-1] == points.shape[:-1]
    assert shown.shape == seen.shape


@pytest.mark.parametrize("step", [ToBones(), ToMotion()], ids=lambda step: type(step).__name__)
def test_a_mirror_may_come_before_or_after(step: PoseStep):
    def mirrored(points: Tensor) -> Tensor:
        return (points * torch.tensor([-1.0, 1.0, 1.0]))[..., list(HOME.mirror_index), :]

    points, seen = joints()
    torch.testing.assert_close(step(mirrored(points), seen, HOME)[0], mirrored(step(points, seen, HOME)[0]))


def test_bone_motion_is_the_motion_of_bones_and_the_bones_of_motion():
    points, seen = joints(times=5)
    seen[0, 0, 2, 4] = False
    motion, shown = ToMotion()(*ToBones()(points, seen, HOME), HOME)
    other, other_shown = ToBones()(*ToMotion()(points, seen, HOME), HOME)
    torch.testing.assert_close(motion, other)
    assert torch.equal(shown, other_shown)
    elbow, shoulder = HOME.index("left_elbow"), HOME.index("left_shoulder")
    by_hand = (points[:, 0, 3, elbow] - points[:, 0, 3, shoulder]) - (
        points[:, 0, 2, elbow] - points[:, 0, 2, shoulder]
    )
    torch.testing.assert_close(motion[:, 0, 2, elbow], by_hand)


# ---- scores -------------------------------------------------------------------------------------------------------


def scored(stream: str, steps: Sequence[PoseStep] = (), *, flip: float = 0.0) -> Tensor:
    """Scores ``[T, V]`` of one sample; the left elbow's is 0.6, then 0.2, the left shoulder's 0.8, others 1."""
    points, _ = joints(COCO, batch=1, times=2)
    scores = torch.ones(points.shape[:-1])
    scores[0, 0, :, COCO.index("left_elbow")] = torch.tensor([0.6, 0.2])
    scores[0, 0, :, COCO.index("left_shoulder")] = 0.8
    view = {name: torch.zeros(1) for name in ("x", "y", "rotate", "tilt", "roll", "noise", "noise_seed")}
    view |= {name: torch.ones(1) for name in ("width", "height", "scale")} | {"flip": torch.tensor([flip])}
    transform = SkeletonTransform(layout="coco17", frame_size=(120, 160), steps=steps, scores=stream)
    data, _ = transform({"data": points, "scores": scores, "valid": scores.any(-1)}, view)
    assert data.shape == (1, 1, 3, 2, 17)
    return data[0, 0, 2]


@pytest.mark.parametrize(
    ("stream", "steps", "elbow"),
    [
        ("joint", [], [0.6, 0.2]),
        ("bone", [ToBones()], [0.7, 0.5]),
        ("joint_motion", [ToMotion()], [0.4, 0.0]),
        ("bone_motion", [ToBones(), ToMotion()], [0.6, 0.0]),
    ],
)
def test_scores_by_hand(stream: str, steps: list[PoseStep], elbow: list[float]):
    assert scored(stream, steps)[:, COCO.index("left_elbow")].tolist() == pytest.approx(elbow)
    assert scored(stream, steps, flip=1.0)[:, COCO.index("right_elbow")].tolist() == pytest.approx(elbow)


def test_scores_of_an_unknown_stream_name_the_nearest():
    with pytest.raises(InputError, match=r"SkeletonTransform.scores must be one of .* \(did you mean 'bone'\?\)"):
        scored("bones")
