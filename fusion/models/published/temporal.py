"""Published figures of recurrent and temporal networks."""

from __future__ import annotations

from triad.fusion.models.published.record import Published

TEMPORAL = (
    Published(
        *("Lrcn", {}, (3, 16, 227, 227), 101, 65_421_285, 19.110),
        "Donahue et al. 2015, LRCN, RGB; counted from the authors' Caffe network",
        "torch's LSTM has a second bias of 1,024",
    ),
    Published(
        *("ConvNetLstm", {}, (3, 25, 224, 224), 400, 9_000_000, None),
        *("Carreira & Zisserman 2017, ConvNet+LSTM", "the paper prints whole millions of parameters"),
    ),
)
