"""Attention modules between encoders and heads, one mechanism a file.

A module maps the features of all streams to the same features and a dict of auxiliary losses. Its ``out_channels``
names the streams whose feature maps it widens.
"""

from fusion.attention.feature_hook import capture_features
from fusion.attention.separable_sta import SeparableSTA

__all__ = ["SeparableSTA", "capture_features"]
