"""VPN (Das et al. 2020) on Toyota Smarthome as published: I3D of 64 frames, 16 poses of 13 joints, SGD, cross-subject.

    triad train configs/fusion/vpn_smarthome.py --data data/smarthome --work-dir work_dirs/vpn \\
        --cfg-options model.pretrained.rgb=work_dirs/sta/encoders/epoch_50.pth

The checkpoint is an I3D trained on Smarthome first, as in ``separable_sta_smarthome``; then all layers learn. The loss
is the published one divided by 99.9. Not trained here: it needs GPUs. Its authors report 60.8 % mean class accuracy,
on crops of the person; this leaf reads whole frames."""

from mmengine.config import read_base
from torch.optim import SGD

from triad.fusion.attention import Vpn
from triad.modalities.skeleton.encoders import VpnPose

with read_base():
    from .separable_sta_smarthome import *

skeleton.num_frames = 16
skeleton.encoder = dict(type=VpnPose, layout="smarthome13")
streams = model.streams = dict(rgb=rgb, skeleton=skeleton)
model.update(attention=[dict(type=Vpn, video="rgb", pose="skeleton")], frozen=(), dropout=0.3)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_dataloader.update(batch_size=4)
train_cfg.update(max_epochs=250)
optim_wrapper.optimizer = dict(type=SGD, lr=0.01, momentum=0.9)
optim_wrapper.clip_grad = None
param_scheduler[0].update(patience=5)
