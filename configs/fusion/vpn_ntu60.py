"""VPN (Das et al. 2020) on NTU RGB+D 60 as published: 25 joints of Kinect, of the first person, cross-subject.

    triad train configs/fusion/vpn_ntu60.py --data data/ntu60 --work-dir work_dirs/vpn_ntu60

Recipe of ``vpn_smarthome``. Not trained here: it needs GPUs. Its authors report 93.5 % (95.5 with a ResNeXt-101)."""

from mmengine.config import read_base

with read_base():
    from .vpn_smarthome import *

data.update(index="data/ntu60")
skeleton.reader.update(layout="ntu25", persons=1)
skeleton.transform.update(layout="ntu25")
skeleton.encoder.update(layout="ntu25")
streams = model.streams = dict(rgb=rgb, skeleton=skeleton)
model.update(num_classes=60)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_dataloader.sampler.update(power=1.0)
train_dataloader.dataset.augmentation.update(rotate=0.0, tilt=0.0, roll=0.0, scale=0.0)
