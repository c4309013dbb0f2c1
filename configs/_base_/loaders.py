"""Dataloaders of training, validation and test; datasets change their fields, leaves set their streams."""

from mmengine.dataset import DefaultSampler

from triad.fusion.data.class_sampler import ClassSampler
from triad.fusion.data.collate import collate
from triad.fusion.data.dataset import ActionDataset
from triad.fusion.data.temporal_sampler import TemporalSampler
from triad.modalities.augmentation import RandomSpatialAugmentation

train_dataloader = dict(
    batch_size=16,
    num_workers=1,
    persistent_workers=True,
    sampler=dict(type=ClassSampler, power=1.0),  # 0 draws all classes equally often
    collate_fn=dict(type=collate),
    dataset=dict(
        type=ActionDataset,
        split="train",
        temporal_sampler=dict(type=TemporalSampler),
        augmentation=dict(type=RandomSpatialAugmentation),
    ),
)
val_dataloader = dict(
    batch_size=32,
    num_workers=1,
    sampler=dict(type=DefaultSampler, shuffle=False),
    collate_fn=dict(type=collate),
    dataset=dict(type=ActionDataset, split="val", temporal_sampler=dict(type=TemporalSampler)),
)
test_dataloader = dict(
    batch_size=32,
    num_workers=1,
    sampler=dict(type=DefaultSampler, shuffle=False),
    collate_fn=dict(type=collate),
    dataset=dict(type=ActionDataset, split="test", temporal_sampler=dict(type=TemporalSampler)),
)
auto_scale_lr = dict(enable=False, base_batch_size=16)  # summed over all processes; --auto-scale-lr enables it
