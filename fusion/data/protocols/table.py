"""A table of one's own recordings, see :mod:`fusion.data.protocols.own`: across subjects where it names them."""

from fusion.data.protocols.own import assigned

PROTOCOLS = {"cross_subject": assigned("cross_subject"), "split1": assigned("split1")}
