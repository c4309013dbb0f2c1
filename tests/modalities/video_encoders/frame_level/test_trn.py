from __future__ import annotations

import pytest
import torch
from mmengine.registry import DefaultScope
from torch import Tensor, nn

from triad.modalities.checks import InputError
from triad.modalities.openmmlab import import_mmaction
from triad.modalities.video_encoders import Trn
from triad.modalities.video_encoders.frame_level.trn import FrameRelation


def all_valid(data: Tensor) -> Tensor:
    return torch.ones(data.shape[0], data.shape[2], dtype=torch.bool)


@pytest.mark.parametrize(("scales", "kind"), [("multi", "TRNMultiScale"), ("single", "TRN")])
def test_linear_head_gives_mmaction2s_scores(scales: str, kind: str):
    """With three frames every tuple is used: one triple and three pairs."""
    torch.manual_seed(0)
    heads = import_mmaction().models
    with DefaultScope.overwrite_default_scope("mmaction"):
        reference = heads.TRNHead(5, 512, num_segments=3, relation_type=kind).eval()
    encoder = Trn(network="resnet18", num_frames=3, scales=scales).eval()
    encoder.reduce.load_state_dict(reference.fc_cls.state_dict())
    consensus = reference.consensus
    fusions = list(reversed(consensus.fc_fusion_scales)) if scales == "multi" else [consensus.classifier]
    bias = torch.zeros(5)
    for relation, fusion in zip(encoder.relations, fusions, strict=True):
        relation.fc.load_state_dict(fusion[1].state_dict())  # type: ignore[union-attr]
        bias += len(relation.tuples) * fusion[3].bias.detach()  # type: ignore[arg-type]
    weight = torch.cat([fusion[3].weight for fusion in fusions], dim=1)
    data = torch.randn(2, 3, 3, 32, 32)
    with torch.no_grad():
        output = encoder(data, all_valid(data))
        expected = reference(output.map.transpose(1, 2).flatten(0, 1), 3)
        assert output.pooled is not None
        torch.testing.assert_close(nn.functional.linear(output.pooled, weight, bias), expected, rtol=1e-4, atol=1e-5)


def test_few_tuples_are_used():
    torch.manual_seed(0)
    relation = FrameRelation(num_frames=8, scale=4, channels=2, hidden=3)
    assert len(relation.tuples) == 70
    cpu = torch.device("cpu")
    drawn = {tuple(map(tuple, relation.choose(cpu).tolist())) for _ in range(5)}
    assert {len(tuples) for tuples in drawn} == {3}
    assert len(drawn) > 1
    spread = relation.eval().choose(cpu)
    assert torch.equal(spread, relation.choose(cpu))
    assert [relation.tuples.index(tuple(times)) for times in spread.tolist()] == [11, 35, 58]
    assert all(list(times) == sorted(times) for times in relation.tuples)


def test_order_of_frames_matters():
    encoder = Trn(network="resnet18", num_frames=4).eval()
    data = torch.randn(1, 3, 4, 32, 32)
    with torch.no_grad():
        forward = encoder(data, all_valid(data))
        backward = encoder(data.flip(2), all_valid(data))
    torch.testing.assert_close(forward.map.mean(2), backward.map.mean(2))
    assert not torch.allclose(forward.pooled, backward.pooled, rtol=1e-2)


def test_another_number_of_frames_is_refused():
    encoder = Trn(network="resnet18", num_frames=4)
    data = torch.randn(1, 3, 5, 32, 32)
    with pytest.raises(InputError, match=r"clip of Trn must have 4 frames, got 5; set Trn.num_frames"):
        encoder(data, all_valid(data))
    with pytest.raises(InputError, match=r"Trn.network must give a map, got 'vit_b_32'"):
        Trn(network="vit_b_32")
