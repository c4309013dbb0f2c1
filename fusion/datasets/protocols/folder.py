"""A folder of one's own clips, see :mod:`fusion.datasets.custom.protocol`."""

from fusion.datasets.custom.protocol import assigned

PROTOCOLS = {"split1": assigned("split1")}
