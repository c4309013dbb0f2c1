import pytest
import torch
from skeleton_batches import COCO
from torch import Tensor

from triad.modalities.checks import InputError
from triad.modalities.skeleton.transforms.scores import score_channel

ELBOW = COCO.index("left_elbow")


def make_scores() -> Tensor:
    """Return scores ``[1, 1, 2, V]``: the left elbow's is 0.6, then 0.2, the left shoulder's 0.8, all others 1."""
    scores = torch.ones(1, 1, 2, 17)
    scores[0, 0, :, ELBOW] = torch.tensor([0.6, 0.2])
    scores[0, 0, :, COCO.index("left_shoulder")] = 0.8
    return scores


@pytest.mark.parametrize(
    ("description", "elbow"),
    [("joint", [0.6, 0.2]), ("bone", [0.7, 0.5]), ("joint_motion", [0.4, 0.0]), ("bone_motion", [0.6, 0.0])],
)
def test_score_channels_by_hand(description: str, elbow: list[float]):
    assert score_channel(description, make_scores(), COCO)[0, 0, :, ELBOW].tolist() == pytest.approx(elbow)


def test_unknown_description_names_the_nearest():
    with pytest.raises(InputError, match=r"score channel must be one of .* \(did you mean 'bone'\?\)"):
        score_channel("bones", make_scores(), COCO)
