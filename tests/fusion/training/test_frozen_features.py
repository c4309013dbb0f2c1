"""Features that are computed once give what the clips themselves give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from tiny_recognizer import ATTENTION, build_recognizer, make_batch

from triad.fusion.attention import SeparableSTA
from triad.fusion.evaluation.model_runs import FrozenSettings, predict_frozen, run_model
from triad.fusion.training.config import build_config
from triad.fusion.training.frozen_feature_loop import FrozenFeatureLoop
from triad.fusion.training.frozen_features import collate_features, encode_table, read_table, save_table, table_key
from triad.fusion.training.runner import build_runner, evaluate
from triad.modalities.checks import InputError

CONFIG = Path(__file__).parents[3] / "configs/fusion/separable_sta_minihome.py"
OPTIONS = (
    *("streams.rgb.num_frames=8", "streams.rgb.transform.size=(32, 32)", "streams.skeleton.num_frames=8"),
    *("train_dataloader.num_workers=0", "train_dataloader.persistent_workers=False"),
    *("val_dataloader.num_workers=0", "test_dataloader.num_workers=0"),
)


def rows_of(table: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            **{key: table[key][row] for key in ("id", "label", "number", "span")},
            "streams": {
                name: {key: tensor[row] for key, tensor in stream.items()} for name, stream in table["streams"].items()
            },
        }
        for row in range(len(table["id"]))
    ]


def test_stored_features_score_as_clips():
    """Samples without a stream, and a batch in which none has it, included."""
    model = build_recognizer(attention=[{"type": SeparableSTA, **ATTENTION}]).eval()
    batches = [
        make_batch({"rgb": [True, True], "flow": [True, False]}),
        make_batch({"rgb": [True, False], "flow": [False, False]}),
    ]
    table = encode_table(model, batches, training=False)
    stored = collate_features(rows_of(table))
    with torch.no_grad():
        expected = [row for batch in batches for row in model(**model.data_preprocessor(batch, False), mode="predict")]
        prepared = model.data_preprocessor(stored, False)["batch"]
        predictions = model(prepared, mode="predict")
    for prediction, expectation in zip(predictions, expected, strict=True):
        assert set(prediction["streams"]) == set(expectation["streams"])
        torch.testing.assert_close(
            torch.as_tensor(prediction["fused"]), torch.as_tensor(expectation["fused"]), atol=2e-3, rtol=0
        )  # maps are kept in half precision


def test_table_survives_its_file(tmp_path: Path):
    model = build_recognizer().eval()
    table = encode_table(model, [make_batch({"rgb": [True, False], "flow": [True, True]})], training=False)
    save_table(tmp_path / "deep" / "table.pth", table)
    read = read_table(tmp_path / "deep" / "table.pth")
    assert read["id"] == table["id"]
    assert torch.equal(read["streams"]["rgb"]["map"], table["streams"]["rgb"]["map"])
    (tmp_path / "deep" / "table.pth").write_bytes(b"cut off")
    with pytest.raises(InputError, match=r"features '.*table.pth' must load .*delete the file"):
        read_table(tmp_path / "deep" / "table.pth")


def test_key_follows_weights_and_settings():
    model = build_recognizer()
    key = table_key(model, {"split": "val"}, "index")
    assert key == table_key(
        build_recognizer(attention=[{"type": SeparableSTA, **ATTENTION}]), {"split": "val"}, "index"
    )
    assert key != table_key(model, {"split": "test"}, "index")
    assert key != table_key(model, {"split": "val"}, "other index")
    with torch.no_grad():
        model.encoders["rgb"].conv.bias[0] += 1
    assert key != table_key(model, {"split": "val"}, "index")


def test_trained_encoder_is_refused(tiny: Path, tmp_path: Path):
    options = [*OPTIONS, f"experiment_name={tmp_path.name}"]
    config = build_config(CONFIG, options=options, data=tiny, work_dir=tmp_path)
    config.train_cfg = {"type": FrozenFeatureLoop, "max_epochs": 1}
    with pytest.raises(InputError, match=r"encoders of FrozenFeatureLoop must all be frozen, got rgb trained; add"):
        build_runner(config).train()


def test_model_on_frozen_features_tests_as_any(tiny: Path, tmp_path: Path):
    """What was trained on stored features predicts the same from clips, and a second call repeats nothing."""
    settings = FrozenSettings(passes=2, cache=tmp_path / "features")
    arguments: dict[str, Any] = {"data": tiny, "work_dir": tmp_path / "sta", "seed": 0, "epochs": 2, "frozen": settings}
    options = [*OPTIONS, f"experiment_name={tmp_path.name}"]
    run = run_model(CONFIG, options=options, **arguments)
    files = sorted((tmp_path / "features").iterdir())
    assert len(files) == 4  # two passes over train, one over val and one over test
    written = {path: path.stat().st_mtime_ns for path in (tmp_path / "sta").iterdir()}
    again = run_model(CONFIG, options=options, **arguments)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "sta").iterdir()} == written
    assert (again.test.scores["fused"] == run.test.scores["fused"]).all()
    with pytest.raises(InputError, match=r"predictions in '.*' must be of a training with .*'epochs': 3"):
        run_model(CONFIG, options=options, **{**arguments, "epochs": 3})
    config = build_config(CONFIG, options=OPTIONS, data=tiny)
    from_clips = evaluate(config, tmp_path / "sta", "test")
    assert from_clips.ids.tolist() == run.test.ids.tolist()
    torch.testing.assert_close(
        torch.as_tensor(from_clips.scores["fused"]), torch.as_tensor(run.test.scores["fused"]), atol=5e-3, rtol=1e-2
    )
    config = build_config(CONFIG, options=OPTIONS, data=tiny)
    predict_frozen(config, tmp_path / "sta", "test", cache=tmp_path / "features")
    assert sorted((tmp_path / "features").iterdir()) == files  # nothing is computed again
