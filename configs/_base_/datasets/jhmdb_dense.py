"""J-HMDB in clips of constant stride: 16 successive frames, looped where a record has fewer (it has 15 to 40).

For networks that read dense clips, as C3D and I3D; a leaf with other clips updates ``clip_len`` and ``frame_interval``
of the three temporal samplers and ``num_frames`` of its stream. Test scores are averaged over three clips."""

from mmengine.config import read_base

with read_base():
    from .jhmdb import *

dense = dict(policy="dense", clip_len=16, frame_interval=1, out_of_bound_opt="loop")
train_dataloader.dataset.temporal_sampler.update(dense)
val_dataloader.dataset.temporal_sampler.update(dense)
test_dataloader.dataset.temporal_sampler.update(dense, num_clips=3)
