"""Custom clips from a folder or table to predictions, by the commands of the README, with shipped configs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from triad.fusion.predictions import Predictions
from triad.modalities.atomic_files import write_arrays
from triad.modalities.video import write_video

ROOT = Path(__file__).resolve().parents[2]
RGB = ROOT / "configs/rgb/r2plus1d_small_jhmdb.py"
FLOW = ROOT / "configs/flow/r2plus1d_small_jhmdb.py"
SKELETON = ROOT / "configs/skeleton/stgcnpp_jhmdb.py"
BRIEF = ["train_cfg.max_epochs=1", "train_dataloader.num_workers=0", "train_dataloader.persistent_workers=False"]
CLASSES = ("drink coffee", "Tür öffnen", "👋 wave")


def make_frames(number: int, *, size: tuple[int, int] = (32, 48)) -> np.ndarray:
    """Return frames of a moving stripe whose brightness differs from clip to clip."""
    frames = np.full((6, *size, 3), 20 + 10 * number, np.uint8)
    for time, frame in enumerate(frames):
        frame[:, 4 * time : 4 * time + 8] = 255 - number
    return frames


def small_options(stream: str) -> list[str]:
    """Return options that train a stream for one epoch on small frames."""
    return [*BRIEF, f"streams.{stream}.num_frames=2", f"streams.{stream}.transform.size=[28,28]"]


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    """Folder of three classes of five clips, one of them portrait, and of a broken clip."""
    for label, name in enumerate(CLASSES):
        for number in range(5):
            size = (48, 32) if number == 4 else (32, 48)
            path = tmp_path / "my clips" / name / f"Übung {number}.mp4"
            write_video(path, make_frames(5 * label + number, size=size), fps=10)
    (tmp_path / "my clips" / CLASSES[0] / "broken.mp4").write_bytes(b"\0" * 200)
    return tmp_path / "my clips"


def test_folder_to_predictions(command, clips, tmp_path, one_line):
    data = tmp_path / "my data"
    code, out, err = command("prepare.py", "folder", clips, data)
    assert code == 0, err
    assert "split1 │ 9 │ 3 │ 3" in " ".join(out.split())
    assert "dropped: drink_coffee_broken: video: video must be readable" in out
    assert "note: protocol split1: val and test carved out by clip" in out
    code, _, err = command("train.py", FLOW, "--data", data, "--work-dir", tmp_path / "flow")
    assert code == 1
    assert one_line(err).endswith(f"triad extract {data} --flow dis")
    code, _, err = command("train.py", SKELETON, "--data", data, "--work-dir", tmp_path / "skeleton")
    assert code == 1
    assert one_line(err).endswith(f"name skeleton files in a table: triad prepare table TABLE {data}")
    code, _, err = command("extract.py", data, "--flow", "dis", "--workers", 1)
    assert code == 0, err
    for stream, config in (("rgb", RGB), ("flow_dis", FLOW)):
        work, dump = tmp_path / stream, tmp_path / f"{stream}.npz"
        words = ["--data", data, "--work-dir", work, "--cfg-options", *small_options(stream)]
        code, _, err = command("train.py", config, *words)
        assert code == 0, err
        words = ["--data", data, "--split", "test", "--dump", dump, "--cfg-options", *small_options(stream)]
        code, _, err = command("test.py", config, work, *words)
        assert code == 0, err
        predictions = Predictions.load(dump)
        assert set(predictions.classes) == set(CLASSES)
        assert sorted(predictions.labels) == [0, 1, 2]
        assert predictions.meta["protocol"] == "split1"
        assert predictions.present[stream].all()
    code, out, _ = command("prepare.py", "--json", "--check", data)
    document = json.loads(out)
    assert (code, document["problems"], document["leaks"]) == (0, [], {})
    assert document["streams"] == {"rgb": 15, "flow_dis": 15}


def test_table_with_subjects_and_skeletons(command, tmp_path):
    rows = ["path,label,subject,skeleton,layout"]
    rng = np.random.default_rng(0)
    for number in range(10):
        write_video(tmp_path / f"{number}.mp4", make_frames(number), fps=10)
        points = rng.uniform(0, 32, (1, 6, 17, 2)).astype(np.float32)
        write_arrays(tmp_path / f"{number}.npz", keypoints=points, scores=np.ones((1, 6, 17), np.float32))
        rows.append(f"{number}.mp4,{('eat', 'read')[number % 2]},P{number // 2},{number}.npz,coco17")
    (tmp_path / "table.csv").write_text("\n".join(rows))
    data = tmp_path / "data"
    code, out, err = command("prepare.py", "--json", "table", tmp_path / "table.csv", data)
    assert code == 0, err
    document = json.loads(out)
    assert document["protocols"] == {"cross_subject": {"train": 6, "val": 2, "test": 2}}
    assert document["protocol"]["by"] == "subject"
    words = ["--data", data, "--work-dir", tmp_path / "work", "--cfg-options", *BRIEF]
    tiny = ["streams.skeleton.num_frames=4", "streams.skeleton.encoder.widths=(16,16,32,32,64,64)"]
    code, _, err = command("train.py", SKELETON, *words, *tiny)
    assert code == 0, err


def test_kinetics_list_to_model(command, tmp_path):
    """A list of cut and of whole videos becomes a trained model without a line of Python."""
    lines = ["label,youtube_id,time_start,time_end,split"]
    for number, split in enumerate(("train", "train", "validate", "test") * 2):
        video = f"abc-_defg{number:02d}"
        name = f"{video}_000010_000020" if number % 2 else video
        write_video(tmp_path / f"videos/{split}/{name}.mp4", make_frames(number), fps=10)
        lines.append(f"{CLASSES[number // 4]},{video},{'10,20' if number % 2 else '0,0.6'},{split}")
    (tmp_path / "k.csv").write_text("\n".join(lines), "utf-8")
    data = tmp_path / "data"
    code, out, err = command("prepare.py", "table", tmp_path / "k.csv", data, "--videos", tmp_path / "videos")
    assert code == 0, err
    assert "split1 │ 4 │ 2 │ 2" in " ".join(out.split())
    assert "0 │ Tür öffnen │ 2 │ 1 │ 1" in " ".join(out.split())
    words = ["--data", data, "--work-dir", tmp_path / "rgb", "--cfg-options", *small_options("rgb")]
    code, _, err = command("train.py", RGB, *words)
    assert code == 0, err
    assert list((tmp_path / "rgb").glob("*.pth"))
