"""MiniHome's true flow and real frames set in motion; people of the training split alone.

Four of five training pairs are moved frames: of MiniHome's pixels one in seventy moves. Its frames are judged at twice
their size, because a network that computes at an eighth of it sees no limb at 160×120.
"""

from mmengine.dataset import DefaultSampler

from fusion.estimators.flow.pairs import FlowPairs, collate_pairs

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
