import torch

from triad.fusion.heads import LinearHead


def test_logits_are_the_linear_layer():
    head = LinearHead(in_channels=3, num_classes=2, dropout=0.5).eval()
    vectors = torch.randn(4, 3)
    torch.testing.assert_close(head(vectors), vectors @ head.fc.weight.T + head.fc.bias)


def test_dropout_is_active_in_training():
    head = LinearHead(in_channels=100, num_classes=100, dropout=0.5).train()
    head.fc.weight.data.copy_(torch.eye(100))
    head.fc.bias.data.zero_()
    assert head(torch.ones(1, 100)).unique().tolist() == [0, 2]
