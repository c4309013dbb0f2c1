"""π-ViT (Reilly & Das 2024) on NTU RGB+D 60 as published: 16 frames over the whole clip, 25 joints, cross-subject.

    triad train configs/fusion/pi_vit_ntu60.py --data data/ntu60 --cfg-options \\
        model.pretrained.skeleton=HYPERFORMER.pth streams.rgb.encoder.weights=TimeSformer_SSv2.pth

Recipe of ``pi_vit_smarthome``. Not trained here: it needs GPUs. Its authors report 94.0 %."""

from mmengine.config import read_base

with read_base():
    from .pi_vit_smarthome import *

data.update(index="data/ntu60")
rgb.update(num_frames=16)
skeleton.reader.update(layout="ntu25")
skeleton.transform.update(layout="ntu25")
skeleton.encoder.update(layout="ntu25", person_norms=2)
streams = model.streams = dict(rgb=rgb, skeleton=skeleton)
model.update(num_classes=60)
model.attention[0].update(layout="ntu25")
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_dataloader.sampler.update(power=1.0)
whole = dict(policy=None, clip_len=None, frame_interval=None, out_of_bound_opt="repeat_last", num_clips=1)
train_dataloader.dataset.temporal_sampler.update(whole)
val_dataloader.dataset.temporal_sampler.update(whole)
test_dataloader.dataset.temporal_sampler.update(whole)
