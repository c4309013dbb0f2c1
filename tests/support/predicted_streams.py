"""Work folders and test predictions of three small streams, which predictions of raw videos are compared with."""

from __future__ import annotations

import json
from pathlib import Path

from tool_runs import CONFIGS, IN_PROCESS, run_tool, twelve_clips

from triad.fusion.predictions import Predictions

SMALL_STREAMS = {
    "rgb": [
        "streams.rgb.num_frames=3",
        "streams.rgb.transform.size=[28,28]",
        "test_dataloader.dataset.temporal_sampler.num_clips=2",
    ],
    "flow_dis": ["streams.flow_dis.num_frames=3", "streams.flow_dis.transform.size=[28,28]"],
    "skeleton": ["streams.skeleton.num_frames=4"],
}
SHORT_RUN = ["train_cfg.max_epochs=1", "train_cfg.val_interval=9", *IN_PROCESS, "test_dataloader.num_workers=0"]
CLIP = "left_s02"
"""Id of a test clip."""


def train_streams(tiny: Path, home: Path) -> None:
    """Write the dataset ``data``, a work folder and test predictions a stream, and ``trimmed.npz``.

    ``trimmed.npz`` holds the predictions for the span 0.4–0.8 s of every clip.
    """
    twelve_clips(tiny, home / "data")
    _run("extract.py", home / "data", "--flow", "dis", "--workers", 1)
    for stream, config in CONFIGS.items():
        options = ["--data", home / "data", "--cfg-options", *SMALL_STREAMS[stream], *SHORT_RUN]
        _run("train.py", config, "--work-dir", home / stream, *options)
        _run("test.py", config, home / stream, "--dump", home / f"{stream}.npz", *options)
    index = json.loads((home / "data/index.json").read_text())
    for record in index["data_list"]:
        record |= {"start": 0.4, "end": 0.8}
    (home / "data/index.json").write_text(json.dumps(index))
    options = ["--data", home / "data", "--cfg-options", *SMALL_STREAMS["flow_dis"], *SHORT_RUN]
    _run("test.py", CONFIGS["flow_dis"], home / "flow_dis", "--dump", home / "trimmed.npz", *options)


def load_row(path: Path, clip: str) -> Predictions:
    predictions = Predictions.load(path)
    return predictions.select(predictions.ids == clip)


def work_folders(home: Path) -> list[Path]:
    return [home / stream for stream in CONFIGS]


def _run(name: str, *words: object) -> None:
    assert run_tool(name, *words) == 0
