from __future__ import annotations

import torch

from triad.modalities.objects.encoder import OBJECTS, ObjectSetEncoder


def make_encoder() -> ObjectSetEncoder:
    torch.manual_seed(0)
    return ObjectSetEncoder(in_channels=6, channels=8).eval()


def make_batch() -> tuple[torch.Tensor, torch.Tensor]:
    data = torch.randn(3, 6, 5, 4, generator=torch.Generator().manual_seed(1))
    data[:, :, :, 3] = 0
    return data, torch.ones(3, 5, dtype=torch.bool)


def test_objects_in_any_order():
    data, valid = make_batch()
    encoder = make_encoder()
    torch.testing.assert_close(encoder(data, valid).map, encoder(data.flip(3), valid).map)


def test_absent_objects_are_zero():
    data, valid = make_batch()
    output = make_encoder()(data, valid)
    assert output.map.shape == (3, 8, 5)
    assert output.taps[OBJECTS].shape == (3, 5, 4, 8)
    assert not output.taps[OBJECTS][:, :, 3].any()
    torch.testing.assert_close(make_encoder()(data[..., :3], valid).map, output.map)


def test_every_parameter_gets_a_gradient():
    encoder = make_encoder().train()
    encoder(*make_batch()).map.square().sum().backward()
    assert all(parameter.grad.any() for parameter in encoder.parameters())


def test_samples_do_not_mix():
    data, valid = make_batch()
    encoder = make_encoder()
    torch.testing.assert_close(encoder(data[1:2], valid[1:2]).map, encoder(data, valid).map[1:2])
