"""Detected objects of the simulated flat with their distances to the hands of stream ``skeleton``, as sets."""

from triad.fusion.transforms import HandObjects
from triad.modalities.objects.encoder import ObjectSetEncoder
from triad.modalities.objects.reader import ObjectReader

objects = dict(
    reader=dict(type=ObjectReader, vocabulary="minihome", frame_size=(120, 160)),
    num_frames=16,
    transform=dict(
        type=HandObjects,
        pose="skeleton",
        layout="minihome16",
        pose_size=(120, 160),
        vocabulary="minihome",
        frame_size=(120, 160),
    ),
    encoder=dict(type=ObjectSetEncoder, in_channels=21),
)
