"""Features of RGB, flow and skeleton, concatenated for one network: early fusion.

Lengths of vectors are those of the demo's networks; a prepared dataset sets its own."""

from triad.modalities.features.reader import FeatureReader
from triad.modalities.features.transforms import FeatureTransform
from triad.modalities.video_encoders import RawFeatures

NUM_STEPS = 96  # of a piece in training: 38 s of steps of 0.4 s

features_rgb = dict(
    reader=dict(type=FeatureReader, channels=256),
    num_frames=NUM_STEPS,
    transform=dict(type=FeatureTransform, others=("features_flow_dis", "features_skeleton")),
    encoder=dict(type=RawFeatures, in_channels=640),
)
features_flow_dis = dict(
    reader=dict(type=FeatureReader, channels=256),
    num_frames=NUM_STEPS,
    transform=dict(type=FeatureTransform),
    encoder=dict(type=RawFeatures, in_channels=256),
)
features_skeleton = dict(
    reader=dict(type=FeatureReader, channels=128),
    num_frames=NUM_STEPS,
    transform=dict(type=FeatureTransform),
    encoder=dict(type=RawFeatures, in_channels=128),
)
