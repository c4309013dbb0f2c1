import numpy as np
import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.clips import FlowClip, RgbClip
from triad.modalities.collation import fill_times, is_cropped, stack_clips


def test_clips_are_stacked_in_order():
    clips = [
        RgbClip(np.full((2, 4, 6, 3), number, np.uint8), np.array([0.0, 0.1]) + number, np.array([True, number == 1]))
        for number in range(2)
    ]
    batch = stack_clips(clips)
    assert batch["data"].shape == (2, 2, 4, 6, 3)
    assert batch["data"][1].unique().tolist() == [1]
    assert batch["valid"].tolist() == [[True, False], [True, True]]
    torch.testing.assert_close(batch["times"], torch.tensor([[0.0, 0.1], [1.0, 1.1]], dtype=torch.float64))


def test_channels_lie_apart_in_memory():
    frames = np.arange(2 * 4 * 6 * 3, dtype=np.uint8).reshape(2, 4, 6, 3)
    data = stack_clips([RgbClip(frames, np.array([0.0, 0.1]), np.ones(2, bool))])["data"]
    np.testing.assert_array_equal(data[0], frames)
    assert data.permute(0, 4, 1, 2, 3).is_contiguous()


def test_stacks_keep_their_axes():
    fields = np.random.default_rng(0).normal(size=(2, 3, 4, 6, 2)).astype(np.float32)
    batch = stack_clips([FlowClip(fields, 0.1, np.array([0.0, 0.1]), np.ones(2, bool), cropped=True)])
    np.testing.assert_array_equal(batch["data"][0], fields)
    assert batch["cropped"] is True


def test_whole_frames_are_not_marked():
    clip = RgbClip(np.ones((1, 4, 6, 3), np.uint8), np.zeros(1), np.ones(1, bool))
    assert "cropped" not in stack_clips([clip])


@pytest.mark.parametrize("shape", [(2, 5, 6, 3), (2, 8, 3, 3), (3, 4, 6, 3)])
def test_clips_of_other_shapes_are_refused(shape):
    clips = [
        RgbClip(np.ones(size, np.uint8), np.arange(size[0], dtype=float), np.ones(size[0], bool))
        for size in ((2, 4, 6, 3), shape)
    ]
    with pytest.raises(ValueError, match="in one batch"):
        stack_clips(clips)


def test_full_sample_has_all_times():
    clip = RgbClip(np.ones((2, 4, 6, 3), np.uint8), np.array([0.0, 0.1]), np.array([True, False]))
    full = fill_times(clip, 3)
    assert full.valid.tolist() == [True, True]
    assert full.data is clip.data


@pytest.mark.parametrize("stack_axis", [(), (3,)])
def test_crops_have_the_size_of_the_input(stack_axis):
    clip = FlowClip(np.zeros((2, *stack_axis, 4, 6, 2), np.float32), 0.1, np.array([0.0, 0.1]), np.ones(2, bool), True)
    entry = stack_clips([clip])
    assert is_cropped(entry, (4, 6))
    with pytest.raises(InputError, match=r"crops of a batch must have height and width \(6, 4\), got \(4, 6\)"):
        is_cropped(entry, (6, 4))
    assert not is_cropped({"data": entry["data"]}, (6, 4))
