"""One pose-driven mechanism a file: features of named streams in, the same features and auxiliary losses out.

Each declares ``requires_train`` and ``requires_test``, the streams it reads then, and ``out_channels``, the streams
whose feature maps it widens. May import: ``modalities``, ``fusion.heads.pooling``, ``fusion.models.streams``.
"""

from fusion.attention.separable_sta import SeparableSTA

__all__ = ["SeparableSTA"]
