import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.skeleton.encoders.layers import check_skeletons, joints_of_all_persons
from triad.modalities.skeleton.layouts import get_layout


def test_joints_follow_person_after_person():
    data = torch.arange(24.0).view(1, 2, 2, 3, 2)  # [B, M, C, T, V]
    valid = torch.ones(1, 2, 3, dtype=torch.bool)
    valid[0, 1, 2] = False
    joints = joints_of_all_persons(data, valid, persons=3, encoder="Encoder")
    assert joints.shape == (1, 3, 6, 2)
    assert joints[0, 0].tolist() == [[0, 6], [1, 7], [12, 18], [13, 19], [0, 0], [0, 0]]
    assert joints[0, 2].tolist() == [[4, 10], [5, 11], *[[0, 0]] * 4]
    with pytest.raises(InputError, match=r"persons of skeleton data must be at most 1, Encoder.persons, got 2"):
        joints_of_all_persons(data, valid, persons=1, encoder="Encoder")


def test_other_shapes_are_refused():
    layout = get_layout("minihome16")
    data, valid = torch.zeros(2, 1, 3, 5, 16), torch.ones(2, 1, 5, dtype=torch.bool)
    sizes = check_skeletons(data, valid, layout=layout, in_channels=3)
    assert (sizes["B"], sizes["M"], sizes["T"]) == (2, 1, 5)
    with pytest.raises(InputError, match=r"skeleton data of layout 'minihome16'"):
        check_skeletons(data, valid, layout=layout, in_channels=2)
    with pytest.raises(InputError, match=r"skeleton mask"):
        check_skeletons(data, valid[..., :4], layout=layout, in_channels=3)
