"""Networks over skeletons, one file each, on shared layers: ``unit_gcn``, ``unit_tcn``, ``mstcn``, ``stgcn_block``,
``persons``.

May import: torch, ``modalities.encoder``, ``modalities.skeleton.graph`` and ``layouts``.
"""

from modalities.skeleton.encoders.openmmlab_weights import from_openmmlab
from modalities.skeleton.encoders.stgcn_plus_plus import StGcnPlusPlus

__all__ = ["StGcnPlusPlus", "from_openmmlab"]
