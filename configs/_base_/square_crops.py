"""Crops of networks with a square input: 224 of 256 pixels in the middle of the frame at test."""

from triad.modalities.crop_views import CropViews

crop_views = dict(type=CropViews, aspect=1.0, crop_pct=0.875)
