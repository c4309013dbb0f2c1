"""A table of one's own recordings, see :mod:`fusion.datasets.custom.protocol`: across subjects where it names them."""

from fusion.datasets.custom.protocol import assigned

PROTOCOLS = {"cross_subject": assigned("cross_subject"), "split1": assigned("split1")}
