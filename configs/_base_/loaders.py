"""The three dataloaders; datasets and leaves change fields of them."""

from mmengine.dataset import DefaultSampler

from fusion.data.clock import Clock
from fusion.data.collate import collate
from fusion.data.dataset import ActionDataset
from fusion.data.sampler import ClassSampler
from modalities.view import RandomView

train_dataloader = dict(
    batch_size=16,
    num_workers=1,
    persistent_workers=True,
    sampler=dict(type=ClassSampler, power=1.0),  # 0 shows every class equally often
    collate_fn=dict(type=collate),
    dataset=dict(type=ActionDataset, split="train", clock=dict(type=Clock), augment=dict(type=RandomView)),
)
val_dataloader = dict(
    batch_size=32,
    num_workers=1,
    sampler=dict(type=DefaultSampler, shuffle=False),
    collate_fn=dict(type=collate),
    dataset=dict(type=ActionDataset, split="val", clock=dict(type=Clock)),
)
test_dataloader = dict(
    batch_size=32,
    num_workers=1,
    sampler=dict(type=DefaultSampler, shuffle=False),
    collate_fn=dict(type=collate),
    dataset=dict(type=ActionDataset, split="test", clock=dict(type=Clock)),
)
