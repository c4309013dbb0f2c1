import pytest
import torch

from triad.modalities.skeleton import LAYOUTS, get_layout
from triad.modalities.skeleton.limb_graph import limb_adjacency, limb_links, normalise_adjacency

# Bones and links of Das et al. 2020 by Kinect's numbers, from 1.
BONES = (
    *((1, 2), (1, 17), (1, 13), (2, 21), (17, 18), (13, 14), (18, 19), (19, 20), (14, 15), (15, 16), (21, 5), (21, 9)),
    *((21, 3), (3, 4), (9, 10), (5, 6), (6, 7), (10, 11), (11, 12), (12, 25), (12, 24), (7, 8), (8, 23), (8, 22)),
)
LINKS = ((12, 19), (10, 18), (6, 14), (8, 15), (12, 8), (10, 6))


def test_weights_of_ntu_are_published() -> None:
    expected = torch.zeros(25, 25)
    for edges, weight in ((BONES, 5.0), (LINKS, 2.0)):
        for first, second in edges:
            expected[first - 1, second - 1] = expected[second - 1, first - 1] = weight
    assert torch.equal(limb_adjacency(get_layout("ntu25")), expected)


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_every_layout_has_bones_and_links(name: str) -> None:
    layout = get_layout(name)
    weights = limb_adjacency(layout)
    assert torch.equal(weights, weights.T)
    assert not weights.diagonal().any()
    assert (weights == 5).sum() == 2 * (layout.num_joints - 1)
    assert (weights == 2).sum() == 2 * 6
    mirror = torch.tensor(layout.mirror_index)
    links = {frozenset(link) for link in limb_links(layout)}
    assert {frozenset(mirror[list(link)].tolist()) for link in links} == links


def test_normalised_weights_by_hand() -> None:
    weights = torch.tensor([[0.0, 3.0], [3.0, 0.0]])
    torch.testing.assert_close(normalise_adjacency(weights), torch.tensor([[0.25, 0.75], [0.75, 0.25]]))
