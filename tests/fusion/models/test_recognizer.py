"""Any set of streams, present or not."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from fusion.attention import SeparableSTA
from fusion.models import Recognizer
from modalities.checks import InputError
from modalities.encoder import Encoder


class Passing(nn.Module):
    """A transform that leaves the batch as it is."""

    def forward(self, entry, view):
        return entry["data"], entry["valid"]


class TinyVideo(Encoder):
    """One convolution with batch statistics: the smallest network whose statistics could be touched."""

    in_channels, out_channels, output_axes = 3, 4, "BCTHW"

    def __init__(self, *, axes: str = "BCTHW") -> None:
        super().__init__()
        self.conv, self.norm = nn.Conv3d(3, 4, 1), nn.BatchNorm3d(4)

    def forward(self, data, valid):
        return {"map": self.norm(self.conv(data))}


def recognizer(**arguments) -> Recognizer:
    torch.manual_seed(0)
    stream = {"transform": {"type": Passing}, "encoder": {"type": TinyVideo}}
    return Recognizer(num_classes=5, streams={"rgb": stream, "flow": stream}, **arguments)


def batch_of(present: dict[str, list[bool]], seed: int = 0) -> dict:
    generator = torch.Generator().manual_seed(seed)
    size = len(next(iter(present.values())))
    batch = {
        name: {
            "data": torch.randn(size, 3, 2, 4, 4, generator=generator),
            "valid": torch.ones(size, 2, dtype=torch.bool),
            "present": torch.tensor(mask),
        }
        for name, mask in present.items()
    }
    names = [f"clip{i}" for i in range(size)]
    return batch | {"label": torch.arange(size) % 5, "id": names, "number": torch.zeros(size, dtype=torch.int64),
                    "span": torch.zeros(size, 2), "view": {}}  # fmt: skip


def losses(model, batch):
    return model(**model.data_preprocessor(batch, True), mode="loss")


def test_absent_stream_has_zero_gradient_and_leaves_statistics_alone():
    model = recognizer().train()
    before = {name: value.clone() for name, value in model.encoders["flow"].state_dict().items()}
    sum(losses(model, batch_of({"rgb": [True] * 3, "flow": [False] * 3})).values()).backward()
    assert all(p.grad is not None and (p.grad == 0).all() for p in model.encoders["flow"].parameters())
    assert all((p.grad == 0).all() for p in model.heads["flow"].parameters())
    assert all(torch.equal(before[name], value) for name, value in model.encoders["flow"].state_dict().items())
    assert any((p.grad != 0).any() for p in model.encoders["rgb"].parameters())


def test_absent_samples_do_not_touch_those_that_are_present():
    """What the absent rows hold cannot matter: not to the loss, the gradients, or the batch statistics."""
    results = []
    for garbage in (0.0, 1e6):
        model = recognizer(dropout=0.0).train()
        batch = batch_of({"rgb": [True] * 4, "flow": [True, False, True, False]})
        batch["flow"]["data"][1::2] = garbage
        sum(losses(model, batch).values()).backward()
        results.append([*(p.grad for p in model.parameters()), *model.buffers()])
    assert all(torch.equal(a, b) for a, b in zip(*results, strict=True))


def test_fused_score_is_the_mean_log_probability_of_the_streams_a_sample_has():
    model = recognizer().eval()
    batch = batch_of({"rgb": [True, True], "flow": [True, False]})
    with torch.no_grad():
        rows = model(**model.data_preprocessor(batch, False), mode="predict")
    rgb, flow = (torch.as_tensor(rows[0]["streams"][s]["score"]).log_softmax(-1) for s in ("rgb", "flow"))
    expected = ((rgb + flow) / 2).log_softmax(-1)
    assert torch.allclose(torch.as_tensor(rows[0]["fused"]), expected, atol=1e-6)
    assert set(rows[1]["streams"]) == {"rgb"}
    only = torch.as_tensor(rows[1]["streams"]["rgb"]["score"]).log_softmax(-1)
    assert torch.allclose(torch.as_tensor(rows[1]["fused"]), only, atol=1e-6)


def test_unlabelled_samples_do_not_count():
    model = recognizer(dropout=0.0).eval()
    batch = batch_of({"rgb": [True] * 3, "flow": [True] * 3})
    batch["label"][2] = -1
    alone = {k: v[:2] if not isinstance(v, dict) else {a: b[:2] for a, b in v.items()} for k, v in batch.items()}
    with torch.no_grad():
        assert losses(model, batch)["loss_rgb"] == pytest.approx(losses(model, alone)["loss_rgb"].item(), rel=1e-5)


def test_a_frozen_stream_neither_learns_nor_moves_its_statistics():
    model = recognizer(frozen=("flow",)).train()
    before = {name: value.clone() for name, value in model.encoders["flow"].state_dict().items()}
    sum(losses(model, batch_of({"rgb": [True] * 3, "flow": [True] * 3})).values()).backward()
    assert all(p.grad is None for p in model.encoders["flow"].parameters())
    assert all(torch.equal(before[name], value) for name, value in model.encoders["flow"].state_dict().items())


def test_streams_start_from_their_own_checkpoints(tmp_path):
    first = recognizer()
    torch.save({"state_dict": first.state_dict()}, tmp_path / "a.pth")
    torch.manual_seed(1)
    second = Recognizer(
        num_classes=5,
        streams={"rgb": {"transform": {"type": Passing}, "encoder": {"type": TinyVideo}}},
        pretrained={"rgb": str(tmp_path / "a.pth")},
    )
    assert torch.equal(second.encoders["rgb"].conv.weight, first.encoders["rgb"].conv.weight)
    assert torch.equal(second.heads["rgb"].fc.weight, first.heads["rgb"].fc.weight)
    with pytest.raises(InputError, match=r"pretrained checkpoint of 'rgb' must be a file, got .*none.pth"):
        second.load_stream("rgb", tmp_path / "none.pth")
    torch.save({"state_dict": {}}, tmp_path / "b.pth")
    with pytest.raises(InputError, match="must hold the encoder of stream 'rgb'"):
        second.load_stream("rgb", tmp_path / "b.pth")


ATTENTION = {"video": "rgb", "pose": "flow", "video_channels": 4, "pose_channels": 4, "grid": (2, 4, 4)}


class TestSeparableSta:
    def model(self):
        return recognizer(attention={"type": SeparableSTA, **ATTENTION}, dropout=0.0).eval()

    def test_weights_by_hand(self):
        module = SeparableSTA(**ATTENTION)
        for branch in (module.spatial, module.temporal):
            nn.init.zeros_(branch[2].weight)
            nn.init.zeros_(branch[2].bias)
        alpha, beta = module.weights(torch.randn(3, 4))
        assert torch.equal(alpha, torch.full((3, 4, 4), 0.5))  # sigmoid(0)
        assert torch.equal(beta, torch.full((3, 2), 0.5))  # softmax of equals over two times

    def test_weighed_copies_and_loss_by_hand(self):
        model = self.model()
        batch = batch_of({"rgb": [True, True], "flow": [True, False]})
        with torch.no_grad():
            features, auxiliary = model.extract(model.data_preprocessor(batch, False)["batch"])
            plain = recognizer().eval().encoders["rgb"](batch["rgb"]["data"], batch["rgb"]["valid"])["map"]
            driver = recognizer().eval().encoders["flow"](batch["flow"]["data"][:1], None)["map"].mean((2, 3, 4))
            alpha, beta = model.attention.weights(driver)
        got = features["rgb"].map
        assert got.shape == (2, 8, 2, 4, 4)
        assert torch.allclose(got[0, :4], plain[0] * alpha[0], atol=1e-6)
        assert torch.allclose(got[0, 4:], plain[0] * 2 * beta[0][None, :, None, None], atol=1e-6)
        # the second sample has no posture: uniform attention
        assert torch.allclose(got[1, :4], plain[1] * 0.5, atol=1e-6)
        assert torch.allclose(got[1, 4:], plain[1], atol=1e-6)
        loss = 1e-5 * (alpha.norm() + (1 - beta).square().sum())
        assert auxiliary["loss_attention"] == pytest.approx(loss.item(), rel=1e-5)

    def test_every_parameter_of_the_branches_gets_a_gradient(self):
        model = self.model().train()
        sum(losses(model, batch_of({"rgb": [True] * 3, "flow": [True] * 3})).values()).backward()
        assert all((p.grad != 0).any() for p in model.attention.parameters())

    def test_without_any_posture_or_video_it_still_runs(self):
        model = self.model().train()
        for present in ({"rgb": [True] * 2, "flow": [False] * 2}, {"rgb": [False] * 2, "flow": [True] * 2}):
            total = sum(losses(model, batch_of(present)).values())
            assert math.isfinite(total.item())
            total.backward()

    def test_another_grid_is_refused(self):
        model = recognizer(attention={"type": SeparableSTA, **ATTENTION, "grid": (2, 3, 3)})
        with pytest.raises(InputError, match=r"map of stream 'rgb' must have shape \[P, C, 2, 3, 3\]"):
            losses(model, batch_of({"rgb": [True], "flow": [True]}))
