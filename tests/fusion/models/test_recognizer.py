from __future__ import annotations

import re
from typing import Any

import pytest
import torch
from mmengine.optim import OptimWrapper, build_optim_wrapper
from tiny_recognizer import STREAM, TinyVideo, build_recognizer, compute_losses, make_batch
from torch import Tensor

from triad.fusion.attention import SeparableSTA
from triad.fusion.models import Recognizer, fused_score
from triad.modalities.checks import InputError
from triad.modalities.encoder import EncoderOutput
from triad.modalities.video_encoders import SmallR2Plus1d

THREE_STAGES = {"type": SmallR2Plus1d, "widths": (16, 16), "depths": (1, 1), "temporal_strides": (1, 1)}


def test_absent_stream_gets_zero_gradient():
    model = build_recognizer().train()
    state = {name: value.clone() for name, value in model.encoders["flow"].state_dict().items()}
    sum(compute_losses(model, make_batch({"rgb": [True] * 3, "flow": [False] * 3})).values()).backward()
    assert all(p.grad is not None and (p.grad == 0).all() for p in model.encoders["flow"].parameters())
    assert all((p.grad == 0).all() for p in model.heads["flow"].parameters())
    assert all(torch.equal(state[name], value) for name, value in model.encoders["flow"].state_dict().items())
    assert any((p.grad != 0).any() for p in model.encoders["rgb"].parameters())


def test_absent_samples_have_no_effect():
    """Their data changes neither the loss, nor the gradients, nor the batch statistics."""
    results = []
    for data in (0.0, 1e6):
        model = build_recognizer(dropout=0.0).train()
        batch = make_batch({"rgb": [True] * 4, "flow": [True, False, True, False]})
        batch["flow"]["data"][1::2] = data
        sum(compute_losses(model, batch).values()).backward()
        results.append([*(p.grad for p in model.parameters()), *model.buffers()])
    assert all(torch.equal(first, second) for first, second in zip(*results, strict=True))


def test_fused_score_is_mean_log_probability():
    model = build_recognizer().eval()
    batch = make_batch({"rgb": [True, True], "flow": [True, False]})
    with torch.no_grad():
        predictions = model(**model.data_preprocessor(batch, False), mode="predict")
    rgb, flow = (torch.as_tensor(predictions[0]["streams"][name]["score"]).log_softmax(-1) for name in ("rgb", "flow"))
    expected = ((rgb + flow) / 2).log_softmax(-1)
    torch.testing.assert_close(torch.as_tensor(predictions[0]["fused"]), expected, atol=1e-6, rtol=0)
    assert set(predictions[1]["streams"]) == {"rgb"}
    rgb = torch.as_tensor(predictions[1]["streams"]["rgb"]["score"]).log_softmax(-1)
    torch.testing.assert_close(torch.as_tensor(predictions[1]["fused"]), rgb, atol=1e-6, rtol=0)


def test_fused_score_without_streams_is_uniform():
    fused = fused_score("mean", {"rgb": (torch.tensor([[0.0, 2.0]]), torch.tensor([1]))}, 2, 2)
    torch.testing.assert_close(fused.exp()[0], torch.tensor([0.5, 0.5]))
    torch.testing.assert_close(fused[1], torch.tensor([0.0, 2.0]).log_softmax(-1))


def test_unlabelled_samples_do_not_count():
    model = build_recognizer(dropout=0.0).eval()
    batch = make_batch({"rgb": [True] * 3, "flow": [True] * 3})
    batch["label"][2] = -1
    first_two = {
        name: {key: tensor[:2] for key, tensor in value.items()} if isinstance(value, dict) else value[:2]
        for name, value in batch.items()
    }
    with torch.no_grad():
        loss, expected = (compute_losses(model, samples)["loss_rgb"] for samples in (batch, first_two))
    assert loss.item() == pytest.approx(expected.item(), rel=1e-5)


def test_frozen_stream_stays_unchanged():
    model = build_recognizer(frozen=("flow",)).train()
    state = {name: value.clone() for name, value in model.encoders["flow"].state_dict().items()}
    sum(compute_losses(model, make_batch({"rgb": [True] * 3, "flow": [True] * 3})).values()).backward()
    assert all(p.grad is None for p in model.encoders["flow"].parameters())
    assert all(torch.equal(state[name], value) for name, value in model.encoders["flow"].state_dict().items())


def test_frozen_stages_keep_weights_and_statistics():
    streams = {"rgb": {**STREAM, "encoder": THREE_STAGES}}
    model = Recognizer(num_classes=5, streams=streams, frozen_stages={"rgb": 2}).train()
    frozen, trained = model.encoders["rgb"].layers[:2], model.encoders["rgb"].layers[2]
    states = [{name: value.clone() for name, value in part.state_dict().items()} for part in (frozen, trained)]
    batch = make_batch({"rgb": [True] * 3})
    batch["rgb"]["data"] = torch.randn(3, 3, 2, 16, 16)
    sum(compute_losses(model, batch).values()).backward()
    assert all(parameter.grad is None for parameter in frozen.parameters())
    assert all((parameter.grad != 0).any() for parameter in trained.parameters())
    assert not any(module.training for stage in frozen for module in stage.modules())
    assert all(torch.equal(states[0][name], value) for name, value in frozen.state_dict().items())
    changed = {name for name, value in trained.state_dict().items() if not torch.equal(states[1][name], value)}
    assert {name.rpartition(".")[2] for name in changed} == {"running_mean", "running_var", "num_batches_tracked"}


def test_frozen_stream_must_exist():
    with pytest.raises(InputError, match=r"Recognizer.frozen or frozen_stages must be one of flow, rgb, got 'rbg'"):
        build_recognizer(frozen_stages={"rbg": 1})


def test_pretrained_stream_must_exist(tmp_path):
    with pytest.raises(InputError, match=r"stream of Recognizer\.pretrained must be one of flow, rgb, got 'rbg'"):
        build_recognizer(pretrained={"rbg": str(tmp_path / "rgb.pth")})


def test_frozen_stages_name_their_stream():
    with pytest.raises(InputError, match=r"frozen_stages must give values to streams by name, got 3"):
        build_recognizer(frozen_stages=3)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"pooling": ("sum",)}, "pooling statistic must be one of max, mean, std, got 'sum'"),
        ({"pooling": ()}, r"pooling must be one or more of mean, std, max, got \(\)"),
        ({"pooling": "mean"}, "pooling must be one or more of mean, std, max, got 'mean'"),
        ({"temporal_bins": 0}, "temporal_bins must be at least 1, got 0"),
    ],
)
def test_pooling_is_checked_when_built(options: dict[str, Any], message: str):
    with pytest.raises(InputError, match=message):
        build_recognizer(**options)


def test_stages_get_learning_rates_of_their_own():
    """mmengine's ``custom_keys`` name the stages; every stage before the last has 0.4 times the rate after it."""
    streams = {"rgb": {**STREAM, "encoder": THREE_STAGES}}
    model = Recognizer(num_classes=5, streams=streams)
    keys = {f"encoders.rgb.layers.{stage}": {"lr_mult": rate} for stage, rate in enumerate((0.064, 0.16, 0.4))}
    settings = {"optimizer": {"type": torch.optim.AdamW, "lr": 1e-2}, "paramwise_cfg": {"custom_keys": keys}}
    wrapper = build_optim_wrapper(model, {"type": OptimWrapper, **settings})
    rates: dict[str, set[float]] = {}
    for (name, _), group in zip(model.named_parameters(), wrapper.optimizer.param_groups, strict=True):
        stage = re.match(r"encoders\.rgb\.layers\.\d|heads\.rgb", name)
        rates.setdefault(stage.group(), set()).add(group["lr"])
    assert rates == {
        "encoders.rgb.layers.0": {1e-2 * 0.064},
        "encoders.rgb.layers.1": {1e-2 * 0.16},
        "encoders.rgb.layers.2": {1e-2 * 0.4},
        "heads.rgb": {1e-2},
    }


def test_stream_starts_from_its_checkpoint(tmp_path):
    trained = build_recognizer()
    torch.save({"state_dict": trained.state_dict()}, tmp_path / "trained.pth")
    torch.manual_seed(1)
    model = Recognizer(num_classes=5, streams={"rgb": STREAM}, pretrained={"rgb": str(tmp_path / "trained.pth")})
    assert torch.equal(model.encoders["rgb"].conv.weight, trained.encoders["rgb"].conv.weight)


def test_stream_starts_from_published_weights(tmp_path):
    trained = build_recognizer().encoders["rgb"]
    state = {f"backbone.{key}": value for key, value in trained.state_dict().items()}
    torch.save({"state_dict": {**state, "cls_head.fc.weight": torch.ones(2, 2)}}, tmp_path / "published.pth")
    model = Recognizer(num_classes=5, streams={"rgb": STREAM})
    assert model.load_stream("rgb", tmp_path / "published.pth").complete
    assert torch.equal(model.encoders["rgb"].conv.weight, trained.conv.weight)


def test_wrong_checkpoint_is_refused(tmp_path):
    model = build_recognizer()
    with pytest.raises(InputError, match=r"pretrained checkpoint of 'rgb' must be a file, got .*none.pth"):
        model.load_stream("rgb", tmp_path / "none.pth")
    torch.save({"state_dict": {}}, tmp_path / "empty.pth")
    with pytest.raises(InputError, match="must hold a state dict, got nothing; train a model of stream 'rgb' first"):
        model.load_stream("rgb", tmp_path / "empty.pth")


def test_no_stream_is_refused():
    with pytest.raises(InputError, match=r"Recognizer.streams must name at least one stream"):
        Recognizer(num_classes=5, streams={})


class ClassToken(TinyVideo):
    """Network that pools by itself to a vector of another length, with an auxiliary loss."""

    pooled_channels = 6

    def forward(self, data: Tensor, valid: Tensor) -> EncoderOutput:
        feature_map = self.norm(self.conv(data))
        vector = feature_map.mean((2, 3, 4))
        return EncoderOutput(feature_map, torch.cat([vector, vector[:, :2]], 1), losses={"sparsity": vector.sum()})


def class_token_recognizer(**options: Any) -> Recognizer:
    streams = {"rgb": {**STREAM, "encoder": {"type": ClassToken}}}
    return Recognizer(num_classes=5, streams=streams, **options)


def test_network_that_pools_sets_the_head():
    model = class_token_recognizer()
    assert model.heads["rgb"].fc.in_features == 6
    losses = compute_losses(model, make_batch({"rgb": [True, True]}))
    assert set(losses) == {"loss_rgb", "loss_rgb_sparsity"}


@pytest.mark.parametrize("options", [{"temporal_bins": 2}, {"pooling": ("mean", "std")}])
def test_bins_without_times_are_refused(options: dict[str, Any]):
    with pytest.raises(InputError, match="temporal_bins and pooling must be 1 and mean"):
        class_token_recognizer(**options)


def test_bins_of_a_mixed_model_spare_the_token():
    streams = {"rgb": {**STREAM, "encoder": {"type": ClassToken}}, "flow": STREAM}
    model = Recognizer(num_classes=5, streams=streams, temporal_bins=2, pooling=("mean", "std"))
    assert [model.heads[name].fc.in_features for name in ("rgb", "flow")] == [6, 16]


def test_stream_without_head_does_not_vote():
    model = build_recognizer(heads={"flow": None}).eval()
    batch = make_batch({"rgb": [True, False], "flow": [True, True]})
    with torch.no_grad():
        predictions = model(**model.data_preprocessor(batch, False), mode="predict")
        losses = model(**model.data_preprocessor(batch, False), mode="loss")
    assert set(losses) == {"loss_rgb"}
    assert set(predictions[0]["streams"]) == {"rgb"}
    rgb = torch.as_tensor(predictions[0]["streams"]["rgb"]["score"]).log_softmax(-1)
    torch.testing.assert_close(torch.as_tensor(predictions[0]["fused"]), rgb)
    torch.testing.assert_close(torch.as_tensor(predictions[1]["fused"]).exp(), torch.full((5,), 0.2))


def test_loss_of_head_is_weighted():
    batch = make_batch({"rgb": [True, True], "flow": [True, True]})
    whole = compute_losses(build_recognizer(dropout=0.0), batch)["loss_rgb"]
    half = compute_losses(build_recognizer(dropout=0.0, heads={"rgb": 0.5}), batch)["loss_rgb"]
    torch.testing.assert_close(half, whole / 2)


def test_model_without_head_is_refused():
    with pytest.raises(InputError, match=r"Recognizer.heads must leave at least one stream a head, got none"):
        build_recognizer(heads={"rgb": None, "flow": None})


def test_unknown_fused_score_is_refused():
    with pytest.raises(InputError, match=r"Recognizer.fused must be one of flow, mean, rgb, got 'joint'"):
        build_recognizer(fused="joint")


def test_training_stream_is_never_read_at_test():
    """A stream of training alone may be missing in a batch of a test, and has neither head nor score."""
    torch.manual_seed(0)
    model = Recognizer(num_classes=5, streams={"rgb": STREAM, "pose": {**STREAM, "train_only": True}})
    batch = make_batch({"rgb": [True, True], "pose": [True, True]})
    assert set(compute_losses(model.train(), batch)) == {"loss_rgb"}
    del batch["pose"]
    with torch.no_grad():
        predictions = model.eval()(**model.data_preprocessor(batch, False), mode="predict")
    assert set(predictions[0]) == {"id", "number", "label", "span", "streams"}
    assert set(predictions[0]["streams"]) == {"rgb"}
    assert model.test_streams == ["rgb"]


def test_modules_of_one_kind_keep_all_losses_and_maps():
    """Two attentions of one class name their losses and maps alike."""
    twice = [
        {"type": SeparableSTA, "video": "rgb", "pose": "flow", "regularisation": 1.0},
        {"type": SeparableSTA, "video": "flow", "pose": "rgb", "regularisation": 1.0},
    ]
    model = build_recognizer(attention=twice).eval()
    batch = model.data_preprocessor(make_batch({"rgb": [True], "flow": [True]}), False)["batch"]
    features, _ = model.encode(batch)
    _, losses, maps = model.fuse(features, batch)
    assert list(maps) == ["α", "β", "α of flow", "β of flow"]
    first = model.attention[0](features, batch)
    second = model.attention[1](first.features, batch)
    torch.testing.assert_close(losses["loss_attention"], first.losses["attention"] + second.losses["attention"])


def test_module_is_built_by_its_name():
    """A config that a runner has dumped holds names of classes."""
    settings = {"video": "rgb", "attention_teacher": None, "feature_teacher": "flow", "embedding": 4}
    model = build_recognizer(attention=[{"type": "triad.fusion.attention.VpnPlusPlus", **settings}])
    assert [type(module).__name__ for module in model.attention] == ["VpnPlusPlus"]
