"""Initial weights of networks without normalisation."""

from __future__ import annotations

from torch import nn


def initialise_relu_layers(network: nn.Module) -> None:
    """Draw the weights of convolutions and linear layers so that activations keep their scale; biases become 0.

    He et al. 2015, Delving Deep into Rectifiers: without it a network of seven layers and no batch normalisation barely
    learns.
    """
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Conv3d | nn.Linear):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
            if module.bias is not None:
                nn.init.zeros_(module.bias)
