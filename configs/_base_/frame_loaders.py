"""Dataloaders of whole videos with a label at every step; datasets change their fields, leaves set their streams."""

from mmengine.dataset import DefaultSampler

from triad.fusion.data.collate import collate
from triad.fusion.data.frame_dataset import FrameDataset

train_dataloader = dict(
    batch_size=9,
    num_workers=1,
    persistent_workers=True,
    sampler=dict(type=DefaultSampler, shuffle=True),
    collate_fn=dict(type=collate),
    dataset=dict(type=FrameDataset, split="train", random_pieces=True, repeats=10, multi_label=True),
)
val_dataloader = dict(
    batch_size=1,
    num_workers=1,
    sampler=dict(type=DefaultSampler, shuffle=False),
    collate_fn=dict(type=collate),
    dataset=dict(type=FrameDataset, split="val", multi_label=True),
)
test_dataloader = dict(
    batch_size=1,
    num_workers=1,
    sampler=dict(type=DefaultSampler, shuffle=False),
    collate_fn=dict(type=collate),
    dataset=dict(type=FrameDataset, split="test", multi_label=True),
)
auto_scale_lr = dict(enable=False, base_batch_size=9)  # summed over all processes; --auto-scale-lr enables it
