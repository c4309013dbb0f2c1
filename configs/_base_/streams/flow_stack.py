"""Stacks of ten flow fields at 224² as two-stream networks read them (Simonyan & Zisserman 2014), without an encoder.

A leaf sets ``flow.encoder`` with ``in_channels=20`` and names the stream after its estimator, as with ``flow.py``. One
stack a training clip; more by ``flow.num_frames``. Stacks fit into the span of the sample with the time policy of that
name: ``train_dataloader.dataset.temporal_sampler.update(policy="stack")``, likewise of validation and test."""

from triad.modalities.flow.reader import FlowReader
from triad.modalities.flow.transforms import FlowTransform

flow = dict(
    reader=dict(type=FlowReader, frame_size=(256, 340), stack=10),
    num_frames=1,
    transform=dict(type=FlowTransform, size=(224, 224), bound=20.0, subtract_mean=True),
)
