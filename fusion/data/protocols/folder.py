"""A folder of one's own clips, see :mod:`fusion.data.protocols.own`."""

from fusion.data.protocols.own import assigned

PROTOCOLS = {"split1": assigned("split1")}
