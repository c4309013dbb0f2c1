r"""mmpose's temporal convolutions over 27 frames (Pavllo et al. 2019), trained on virtual captures of 3D skeletons.

    triad train configs/estimators/tcn27_lift.py --data data/nucla data/utd data/minihome \
        --work-dir work_dirs/lift

The output is MiniHome's sixteen joints, which every source has; the input is the thirteen of them that a 2D estimator
of COCO's joints finds. Four times narrower than published.

    triad evaluate lift --config configs/estimators/tcn27_lift.py --checkpoint work_dirs/lift \
        --data data/nucla data/utd data/minihome

MPJPE and PA-MPJPE on test persons, in mm (seed 0, two CPU cores, November 2026):

              lifter        linear        flat          mean pose
    MiniHome  75.4   41.3   132.1  74.8   227.2  162.2  248.0  171.0
    N-UCLA    124.7  84.6   152.0  95.5   227.0  163.7  231.2  161.7
    UTD-MHAD  90.5   52.5   135.3  79.1   208.1  151.0  199.7  145.3
    mean      96.9   59.5   139.8  83.1   220.8  159.0  226.3  159.3"""

from mmengine.config import read_base
from mmengine.dataset import DefaultSampler

from triad.fusion.estimators.lifting import LiftingDataset, collate_windows
from triad.fusion.estimators.lifting.metric import LiftMetric
from triad.fusion.estimators.lifting.model import LiftingModel
from triad.modalities.skeleton.lifting import TemporalLifter

with read_base():
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *

data = dict(
    sources=["data/nucla", "data/utd", "data/minihome"],
    layout="minihome16",
    input_joints=(
        *("head", "left_shoulder", "left_elbow", "left_wrist", "right_shoulder", "right_elbow", "right_wrist"),
        *("left_hip", "left_knee", "left_ankle", "right_hip", "right_knee", "right_ankle"),
    ),
)
train_dataloader = dict(
    batch_size=64,
    num_workers=1,
    persistent_workers=True,
    sampler=dict(type=DefaultSampler, shuffle=True),
    collate_fn=dict(type=collate_windows),
    dataset=dict(type=LiftingDataset, **data, split="train"),
)
val_dataloader, test_dataloader = [
    dict(
        batch_size=64,
        num_workers=1,
        sampler=dict(type=DefaultSampler, shuffle=False),
        collate_fn=dict(type=collate_windows),
        dataset=dict(type=LiftingDataset, **data, split=split),
    )
    for split in ("val", "test")
]
model = dict(
    type=LiftingModel,
    network=dict(type=TemporalLifter, layout=data["layout"], input_joints=data["input_joints"], channels=256),
)
train_cfg.update(max_epochs=45, val_interval=9)
default_hooks["checkpoint"].update(save_best="mpjpe", rule="less")
val_evaluator = test_evaluator = dict(type=LiftMetric)
