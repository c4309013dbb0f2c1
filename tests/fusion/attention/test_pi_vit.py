from __future__ import annotations

import pytest
import torch
from fusion_features import make_features, randomise, shape_of_features

from triad.fusion.attention import PiViT
from triad.fusion.models import FeatureShape
from triad.modalities.checks import InputError
from triad.modalities.cost import count_parameters

TAPS = {"block0": (2, 6, 8), "block1": (2, 6, 8), "block10": (2, 6, 8)}


def make_inputs():
    """Three samples with video, of which the second has no pose; the poses come in another order."""
    video = make_features("BTNC", (2, 6, 8), rows=[0, 1, 3], taps=TAPS)
    return {"rgb": video, "skeleton": make_features("BC", (5,), rows=[3, 2, 0], seed=1)}


def make_batch():
    generator = torch.Generator().manual_seed(2)
    return {
        "label": torch.tensor([1, 0, 2, 1]),
        "rgb": {"data": torch.zeros(4, 3, 2, 32, 48), "times": torch.tensor([[0.0, 1.0]]).expand(4, 2)},
        "skeleton": {
            "times": torch.tensor([[0.0, 0.4, 1.1]]).expand(4, 3),
            "places": torch.rand(4, 2, 3, 16, 2, generator=generator),
            "visible": torch.rand(4, 2, 3, 16, generator=generator) > 0.4,
        },
    }


def build(**changes) -> PiViT:
    shapes = {name: shape_of_features(stream) for name, stream in make_inputs().items()}
    arguments = {"num_classes": 3, "video": "rgb", "pose": "skeleton", "layout": "minihome16", "hidden": 7, **changes}
    return PiViT(shapes=shapes, **arguments)


@pytest.mark.parametrize(("layout", "places", "classes", "features"), [("smarthome13", 200_205, 31, 172_831)])
def test_numbers_of_parameters_are_published(layout: str, places: int, classes: int, features: int):
    shapes = {
        "rgb": FeatureShape("BTNC", (8, 196, 768), 768, {f"block{i}": (8, 196, 768) for i in range(12)}),
        "skeleton": FeatureShape("BMCTV", (1, 216, 16, 15)),
    }
    module = PiViT(shapes=shapes, num_classes=classes, video="rgb", pose="skeleton", layout=layout)
    assert count_parameters(module.joints) == places
    assert count_parameters(module.regressor, module.classifier) == features
    assert (module.place_tap, module.feature_tap) == ("block0", "block11")


def test_every_joint_starts_at_one_half():
    module = build()
    assert torch.equal(module.joints(torch.randn(4, 8)).sigmoid(), torch.full((4, 16), 0.5))
    module.joints(torch.randn(4, 8)).sum().backward()
    assert (module.joints[1].weight.grad != 0).any()  # zero in the first layer too would stop all learning


def test_losses_by_hand():
    inputs, batch, module = make_inputs(), make_batch(), build()
    randomise(module)
    losses = module(inputs, batch).losses
    regressed = module.regressor(inputs["rgb"].taps["block10"].mean((1, 2)))[[0, 2]]
    pose = inputs["skeleton"].map[[2, 0]]
    torch.testing.assert_close(losses["pose_features"], (regressed - pose).square().mean())
    labels = batch["label"][[0, 3]]
    torch.testing.assert_close(
        losses["pose_classes"], torch.nn.functional.cross_entropy(module.classifier(regressed), labels)
    )
    terms = []
    chances = module.joints(inputs["rgb"].taps["block0"]).sigmoid()
    for row, sample in ((0, 0), (2, 3)):
        for time, pose_time in ((0, 0), (1, 2)):  # nearest in time
            for joint in range(16):
                seen = batch["skeleton"]["visible"][sample, :, pose_time, joint]
                if not seen.any():
                    continue
                target = torch.zeros(6)
                for x, y in batch["skeleton"]["places"][sample, :, pose_time, joint][seen].tolist():
                    target[int(y * 2) * 3 + int(x * 3)] = 1.0
                chance = chances[row, time, :, joint]
                terms.append(torch.nn.functional.binary_cross_entropy(chance, target))
    torch.testing.assert_close(losses["joint_places"], 1.6 * torch.stack(terms).mean())


def test_features_pass_unchanged():
    inputs = make_inputs()
    assert build()(inputs, make_batch()).features is inputs
    assert build().eval()({"rgb": inputs["rgb"]}, {}).losses == {}


def test_every_parameter_gets_a_gradient():
    inputs, module = make_inputs(), build()
    randomise(module)
    sum(module(inputs, make_batch()).losses.values()).backward()
    assert all((p.grad != 0).any() for p in module.parameters())
    assert inputs["skeleton"].map.grad is None
    without_pose = [tap.grad[1] for tap in (inputs["rgb"].taps["block0"], inputs["rgb"].taps["block10"])]
    assert not any(grad.any() for grad in without_pose)


def test_unknown_tap_is_refused():
    with pytest.raises(InputError, match=r"PiViT.place_tap must be one of block0, block1, block10, got 'block2'"):
        build(place_tap="block2")
