import numpy as np
import torch

from triad.fusion.benchmarks.raft_inputs import enlarge_clip, find_weights, render_clip, resize_frames


def test_downloaded_weights_are_preferred(monkeypatch, tmp_path):
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    monkeypatch.delenv("TRIAD_DATA", raising=False)
    assert find_weights() == "random:0"
    for folder in ("weights", "checkpoints"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "raft-small.pth").write_bytes(b"")
        monkeypatch.setenv("TRIAD_DATA", str(tmp_path))
        assert find_weights() == str(tmp_path / folder / "raft-small.pth")


def test_rendered_clip_has_true_flow(tmp_path):
    frames, true_flow = render_clip(tmp_path, "get_up")
    assert true_flow.shape == (len(frames) - 1, *frames.shape[1:3], 2)
    assert np.linalg.norm(true_flow, axis=-1).max() > 1


def test_short_clip_is_repeated():
    frames = np.stack([np.full((3, 4, 3), number, np.uint8) for number in (0, 200)])
    resized = resize_frames(frames, (8, 6), 3)
    assert resized.shape == (3, 6, 8, 3)
    assert resized[:, 0, 0, 0].tolist() == [0, 200, 0]


def test_enlarged_flow_is_longer():
    true_flow = np.arange(8, dtype=np.float32).reshape(1, 2, 2, 2)
    frames, enlarged = enlarge_clip((np.zeros((2, 2, 2, 3), np.uint8), true_flow), 3)
    assert frames.shape == (2, 6, 6, 3)
    assert enlarged.shape == (1, 6, 6, 2)
    np.testing.assert_array_equal(enlarged[:, 2::3, 2::3], 3 * true_flow)
