from __future__ import annotations

import pytest
import torch

from triad.fusion.attention import ObjectCrossAttention
from triad.fusion.models import FeatureShape, StreamFeatures
from triad.modalities.checks import InputError
from triad.modalities.objects.encoder import OBJECTS
from triad.modalities.objects.vocabularies import MINIHOME

QUERIES = {
    "video": FeatureShape("BCTHW", (6, 2, 3, 3)),
    "tokens": FeatureShape("BTNC", (2, 5, 6)),
    "skeleton": FeatureShape("BMCTV", (1, 6, 2, 4)),
    "vector": FeatureShape("BC", (6,)),
}
SHAPES = {**QUERIES, "objects": FeatureShape("BCT", (8, 3))}


def make_module(query: str = "video", *, trained: bool = True) -> ObjectCrossAttention:
    torch.manual_seed(0)
    module = ObjectCrossAttention(shapes=SHAPES, objects="objects", query=query, vocabulary="minihome", width=16)
    if trained:
        torch.nn.init.normal_(module.output.weight)
        torch.nn.init.normal_(module.output.bias)
    return module


def make_features(query: str = "video", objects: list[int] | None = None) -> dict[str, StreamFeatures]:
    """Random features of three samples; the last one has no object."""
    generator = torch.Generator().manual_seed(1)
    shape = SHAPES[query]
    query_map = torch.randn(3, *shape.sizes, generator=generator)
    valid = torch.ones(3, 1, 2) > 0 if "M" in shape.axes else torch.ones(3, 2) > 0
    features = {query: StreamFeatures(torch.arange(3), query_map, valid, shape.axes)}
    tokens = torch.randn(3, 3, 2, 8, generator=generator)
    tokens[2] = 0
    tokens[0, 1:, 1] = 0
    rows = [0, 1, 2] if objects is None else objects
    if rows:
        object_map = tokens.amax(2).transpose(1, 2)
        features["objects"] = StreamFeatures(
            torch.tensor(rows), object_map[rows], torch.ones(len(rows), 3) > 0, "BCT", taps={OBJECTS: tokens[rows]}
        )
    return features


BATCH = {"objects": {"labels": torch.tensor([[[0, 1]] * 3, [[2, 2]] * 3, [[3, 3]] * 3])}}


@pytest.mark.parametrize("query", QUERIES)
def test_untrained_module_is_the_identity(query):
    features = make_features(query)
    module = make_module(query, trained=False)
    assert torch.equal(module(features, BATCH).features[query].map, features[query].map)
    assert module.out_shapes[query].sizes == SHAPES[query].sizes


@pytest.mark.parametrize("query", QUERIES)
def test_every_parameter_gets_a_gradient(query):
    module = make_module(query)
    module(make_features(query), BATCH).features[query].map.square().sum().backward()
    assert all(parameter.grad is not None and parameter.grad.any() for parameter in module.parameters())


def test_classes_that_are_looked_at():
    attention = make_module()(make_features(), BATCH).maps["objects"]
    assert attention.names == MINIHOME
    torch.testing.assert_close(attention.weights.sum(1), torch.tensor([1.0, 1.0, 0.0]))
    assert attention.weights[0, 2:].sum() == 0
    assert attention.weights[1, 2].item() == pytest.approx(1)
    assert attention.driven.tolist() == [True, True, False]


def test_sample_without_objects_keeps_its_map():
    module = make_module()
    features = make_features()
    whole = module(features, BATCH).features["video"].map
    assert torch.equal(whole[2], features["video"].map[2])
    some = module(make_features(objects=[1]), BATCH).features["video"].map
    assert torch.equal(some[0], features["video"].map[0])
    torch.testing.assert_close(some[1], whole[1])
    assert torch.equal(module(make_features(objects=[]), BATCH).features["video"].map, features["video"].map)


def test_absent_objects_have_no_gradient():
    features = make_features()
    tokens = features["objects"].taps[OBJECTS].requires_grad_()
    make_module()(features, BATCH).features["video"].map.square().sum().backward()
    assert tokens.grad[0, 0].any()
    assert not tokens.grad[0, 1:, 1].any()
    assert not tokens.grad[2].any()


def test_objects_in_any_order():
    module = make_module()
    features = make_features()
    objects = features["objects"]
    flipped = StreamFeatures(
        objects.rows, objects.map, objects.valid, "BCT", taps={OBJECTS: objects.taps[OBJECTS].flip(2)}
    )
    expected = module(features, {}).features["video"].map
    torch.testing.assert_close(module({**features, "objects": flipped}, {}).features["video"].map, expected)


def test_stored_features_have_sets_alone():
    features = make_features()
    objects = features["objects"]
    stored = StreamFeatures(objects.rows, objects.map, objects.valid, "BCT")
    output = make_module()({**features, "objects": stored}, {})
    assert not torch.equal(output.features["video"].map[0], features["video"].map[0])
    assert not output.maps


def test_misfit_is_refused():
    with pytest.raises(InputError, match=r"map of stream 'video' of ObjectCrossAttention.objects must have axes BCT"):
        ObjectCrossAttention(shapes=SHAPES, objects="video", query="video", vocabulary="minihome")
    with pytest.raises(InputError, match=r"ObjectCrossAttention.width must be a multiple of 4 heads, got 6"):
        ObjectCrossAttention(shapes=SHAPES, objects="objects", query="video", vocabulary="minihome", width=6)
