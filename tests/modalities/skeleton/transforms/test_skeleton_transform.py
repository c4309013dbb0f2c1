import pytest
import torch
from skeleton_batches import COCO, FRAME, HOME, JHMDB, make_entry, random_entry, random_joints, view_batch

from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.checks import InputError
from triad.modalities.skeleton.transforms import (
    AlignView,
    CenterOnRoot,
    InterpolateMissing,
    MirrorLeftHanded,
    PoseStep,
    ScaleByTorso,
    SkeletonTransform,
    ToBones,
    ToMotion,
)

STEPS = [
    *(AlignView(), AlignView(upright=False), CenterOnRoot(), ScaleByTorso(), InterpolateMissing()),
    *(MirrorLeftHanded(), ToBones(), ToMotion()),
]
PLAIN = SpatialAugmentation()


def test_steps_run_in_order_for_encoders():
    points, visible = random_joints()
    visible[0, 0, 1, 4] = False
    steps = [CenterOnRoot(), {"type": ScaleByTorso}]
    transform = SkeletonTransform(layout="minihome16", frame_size=FRAME, steps=steps)
    data, valid = transform(make_entry(points, visible), view_batch(PLAIN, PLAIN))
    assert data.shape == (2, 1, 3, 4, 16)
    assert valid.all()
    assert not data[0, 0, :, 1, 4].any()
    expected = ScaleByTorso()(*CenterOnRoot()(points, visible, HOME), HOME)[0]
    torch.testing.assert_close(data[1, 0, :, 2, 7], expected[1, 0, 2, 7])


def test_pre_steps_keep_the_augmentation():
    """Division by the torso undoes a scale after it, not before it."""
    entry, view = random_entry(), view_batch(SpatialAugmentation(scale=1.5))
    steps = [CenterOnRoot(), ScaleByTorso()]
    plain, _ = SkeletonTransform(layout=HOME.name, frame_size=FRAME, steps=steps)(entry, view_batch(PLAIN))
    after, _ = SkeletonTransform(layout=HOME.name, frame_size=FRAME, steps=steps)(entry, view)
    before, _ = SkeletonTransform(layout=HOME.name, frame_size=FRAME, pre_steps=steps)(entry, view)
    torch.testing.assert_close(after, plain)
    torch.testing.assert_close(before, 1.5 * plain)


def test_invalid_times_are_zero():
    entry = random_entry(batch=2)
    entry["valid"][0, 0, 2:] = False
    data, _ = SkeletonTransform(layout="minihome16", frame_size=FRAME)(entry, view_batch(PLAIN, PLAIN))
    assert not data[0, :, :, 2:].any()
    assert data[1].all()


@pytest.mark.parametrize(("flip", "elbow"), [(False, "left_elbow"), (True, "right_elbow")])
def test_scores_are_the_last_channel(flip: bool, elbow: str):
    entry = random_entry(COCO, times=2)
    entry["scores"][..., COCO.index("left_elbow")] = 0.6
    transform = SkeletonTransform(layout="coco17", frame_size=FRAME, scores="joint")
    data, _ = transform(entry, view_batch(SpatialAugmentation(flip=flip)))
    assert data.shape == (1, 1, 3, 2, 17)
    assert data[0, 0, 2, :, COCO.index(elbow)].tolist() == pytest.approx([0.6, 0.6])


@pytest.mark.parametrize("step", STEPS, ids=lambda step: type(step).__name__)
def test_step_keeps_input_and_is_finite(step: PoseStep):
    points, visible = random_joints(persons=2, batch=3)
    visible[1, 1] = False  # an absent person
    visible[0, :, 2] = False  # an empty time
    visible[2] = False  # an empty sample
    points *= visible[..., None]
    points_before, visible_before = points.clone(), visible.clone()
    output, output_visible = step(points, visible, HOME)
    assert torch.equal(points, points_before)
    assert torch.equal(visible, visible_before)
    assert output.isfinite().all()
    assert output.shape == points.shape
    assert output_visible.shape == visible.shape


def test_wrong_arguments_are_refused():
    with pytest.raises(InputError, match=r"'minihome16' must have shape \[B, M, T, V=16, C=3\], got .*15, 2\]"):
        SkeletonTransform(layout="minihome16", frame_size=FRAME)(random_entry(JHMDB), view_batch(PLAIN))
    with pytest.raises(InputError, match=r"SkeletonTransform.scores must be one of .* \(did you mean 'bone'\?\)"):
        SkeletonTransform(layout="coco17", frame_size=FRAME, scores="bones")
