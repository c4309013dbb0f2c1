import numpy as np
import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.detection.torchvision_detector import TorchvisionDetector


@pytest.mark.slow
def test_weights_of_a_file_are_run(tmp_path):
    from torchvision.models import get_model

    name = "ssdlite320_mobilenet_v3_large"
    source = "https://download.pytorch.org/models/ssdlite320.*SHA-256 begins with a79551df"
    with pytest.raises(InputError, match=f"weights of detector '{name}' must be given, got none; .*{source}"):
        TorchvisionDetector(name, weights=None)
    with pytest.raises(InputError, match=f"'missing.pth', which does not exist; .*{source}"):
        TorchvisionDetector(name, weights="missing.pth")
    with pytest.raises(InputError, match=r"--detector must be one of .*got 'ssdlite320_mobilenet'.*did you mean"):
        TorchvisionDetector("ssdlite320_mobilenet", weights=None)
    torch.manual_seed(0)
    network = get_model(name, weights=None, weights_backbone=None)
    torch.save(network.state_dict(), tmp_path / "random.pth")
    frames = np.random.default_rng(0).integers(0, 255, (2, 41, 53, 3), np.uint8)
    detector = TorchvisionDetector(name, weights=tmp_path / "random.pth", min_score=0.0)
    with torch.inference_mode():
        (_, row) = network.eval()([torch.from_numpy(frame).permute(2, 0, 1) / 255 for frame in frames])
    expected = row["scores"][row["labels"] == 1].numpy()
    np.testing.assert_allclose(detector(frames)[1].scores[:1], expected[:1], rtol=1e-4)
    torch.save({**network.state_dict(), "a": torch.zeros(1)}, tmp_path / "other.pth")
    with pytest.raises(InputError, match=rf"'a' of weights of detector '{name}' '.*other.pth' must be absent"):
        TorchvisionDetector(name, weights=tmp_path / "other.pth")
