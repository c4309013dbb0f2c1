"""π-ViT (Reilly & Das 2024) on Toyota Smarthome as published: TimeSformer-B, 13 joints, Hyperformer's features.

    triad train configs/fusion/pi_vit_smarthome.py --data data/smarthome --cfg-options \\
        model.pretrained.skeleton=HYPERFORMER.pth streams.rgb.encoder.weights=TimeSformer_divST_8x32_224_K400.pth

8 frames at a stride of 32, ten clips at test, SGD of 15 epochs. ``HYPERFORMER.pth`` is a recognizer of this leaf's
skeleton alone. Not trained here: it needs GPUs; the paper's batch of 64 is shared by eight, ``--auto-scale-lr`` fits
the rate to others. Its authors report 72.9 % mean class accuracy cross-subject, and average ten clips by maximum."""

from mmengine.config import read_base
from mmengine.optim import MultiStepLR
from torch.optim import SGD

from triad.fusion.attention import PiViT
from triad.modalities.skeleton.encoders import Hyperformer
from triad.modalities.video_encoders import TimeSformer

with read_base():
    from .separable_sta_smarthome import *

rgb.update(num_frames=8)
rgb.encoder = dict(type=TimeSformer, in_channels=3)
rgb.transform.update(mean=(114.75, 114.75, 114.75), std=(57.375, 57.375, 57.375))
skeleton.reader.update(frame_size=(256, 340))
skeleton.transform.update(frame_size=(256, 340))
skeleton.encoder = dict(type=Hyperformer, layout="smarthome13", person_norms=1)
skeleton.update(num_frames=64, train_only=True)
streams = model.streams = dict(rgb=rgb, skeleton=skeleton)
model.update(frozen=("skeleton",), heads=dict(rgb=1.0, skeleton=None))
model.attention = [dict(type=PiViT, video="rgb", pose="skeleton", layout="smarthome13")]
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
clips = dict(policy="dense", clip_len=8, frame_interval=32, out_of_bound_opt="loop")
train_dataloader.dataset.temporal_sampler.update(clips)
val_dataloader.dataset.temporal_sampler.update(clips)
test_dataloader.dataset.temporal_sampler.update(clips, num_clips=10)
train_cfg.update(max_epochs=15)
optim_wrapper.optimizer = dict(type=SGD, lr=0.005, momentum=0.9, weight_decay=1e-4)
param_scheduler = [dict(type=MultiStepLR, milestones=[11, 14], gamma=0.1)]
auto_scale_lr.update(base_batch_size=64)
