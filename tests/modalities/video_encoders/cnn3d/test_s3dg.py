"""S3D-G: gates around torchvision's S3D."""

from __future__ import annotations

import torch
from torch import nn
from torchvision.models import video

from triad.modalities.video_encoders import S3dG, TorchvisionVideo
from triad.modalities.video_encoders.cnn3d.s3dg import SelfGating


def test_gate_by_hand():
    gate = SelfGating(2)
    gate.transform.weight.data = torch.tensor([[1.0, 0.0], [0.0, -1.0]])[:, :, None, None, None]
    data = torch.stack((torch.full((1, 2, 2), 2.0), torch.full((1, 2, 2), 3.0)))[None]
    sigmoid = 1 / (1 + torch.tensor([-2.0, 3.0]).exp())
    torch.testing.assert_close(gate(data)[0, :, 0, 0, 0], torch.tensor([2.0, 3.0]) * sigmoid)


def test_open_gates_give_s3d(tmp_path):
    torch.manual_seed(0)
    torch.save(video.s3d().state_dict(), tmp_path / "s3d.pth")
    plain = TorchvisionVideo(network="s3d", weights=tmp_path / "s3d.pth").eval()
    gated = S3dG(weights=tmp_path / "s3d.pth").eval()
    gates = [module for module in gated.modules() if isinstance(module, SelfGating)]
    assert len(gates) == 1 + 9 * 4
    for name, module in list(gated.named_modules()):
        if isinstance(module, SelfGating):
            gated.set_submodule(name, nn.Identity())
    clip = torch.randn(1, 3, 8, 32, 32)
    valid = torch.ones(1, 8, dtype=torch.bool)
    with torch.no_grad():
        torch.testing.assert_close(gated(clip, valid).map, plain(clip, valid).map)
