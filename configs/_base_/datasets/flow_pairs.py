"""MiniHome's true flow, half and half with real frames set in motion; people of the training split alone."""

from mmengine.dataset import DefaultSampler

from fusion.data.flow_pairs import FlowPairs, collate_pairs

data = dict(index="data/minihome", protocol="cross_subject")
train_dataloader = dict(
    batch_size=8,
    num_workers=1,
    persistent_workers=True,
    sampler=dict(type=DefaultSampler, shuffle=True),
    collate_fn=dict(type=collate_pairs),
    dataset=dict(
        type=FlowPairs, split="train", length=4000, size=(128, 192), moved=0.5, pictures=None, reach=16.0, still=0.4
    ),
)
val_dataloader = dict(
    batch_size=8,
    num_workers=1,
    sampler=dict(type=DefaultSampler, shuffle=False),
    collate_fn=dict(type=collate_pairs),
    dataset=dict(type=FlowPairs, split="val", length=64, size=(128, 192)),
)
test_dataloader = dict(
    batch_size=8,
    num_workers=1,
    sampler=dict(type=DefaultSampler, shuffle=False),
    collate_fn=dict(type=collate_pairs),
    dataset=dict(type=FlowPairs, split="test", length=256, size=(128, 192)),
)
