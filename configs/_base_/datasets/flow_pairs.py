"""Pairs of MiniHome with true flow, and synthetic pairs of moved frames, of the training split alone.

Four of five training pairs are synthetic, because in MiniHome only one pixel in seventy moves. Validation scales frames
to twice their size, because a network that computes at an eighth of 160×120 resolves no limb."""

from mmengine.dataset import DefaultSampler

from triad.fusion.estimators.flow.pairs import FlowPairs, collate_pairs

data = dict(index="data/minihome", protocol="cross_subject")
train_dataloader = dict(
    batch_size=8,
    num_workers=1,
    persistent_workers=True,
    sampler=dict(type=DefaultSampler, shuffle=True),
    collate_fn=dict(type=collate_pairs),
    dataset=dict(
        type=FlowPairs,
        **data,
        split="train",
        length=4000,
        size=(128, 192),
        synthetic_ratio=0.8,
        background_dataset=None,
        max_shift=16.0,
        static_ratio=0.4,
    ),
)
val_dataloader, test_dataloader = [
    dict(
        batch_size=8,
        num_workers=1,
        sampler=dict(type=DefaultSampler, shuffle=False),
        collate_fn=dict(type=collate_pairs),
        dataset=dict(type=FlowPairs, **data, split=split, length=length, size=(128, 192), short_side=240),
    )
    for split, length in (("val", 64), ("test", 256))
]
