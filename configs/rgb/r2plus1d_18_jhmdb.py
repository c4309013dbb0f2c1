"""RGB alone on J-HMDB through R(2+1)D-18 (Tran et al. 2018) at its published 16 frames of 112².

Not trained here: it needs a GPU and, for 350 training clips, torchvision's weights of Kinetics-400 from a local file:
``--cfg-options streams.rgb.encoder.weights=r2plus1d_18-91a641e6.pth``. Crop and normalisation are those of the weights.

With the weights, what Karpathy et al. 2014 (Large-scale Video Classification, Table 3) compare are more options: only
the top layer ``"model.frozen=('rgb',)"``; the top three of its six layers, the classifier being one,
``"model.frozen_stages={'rgb': 3}"``; all layers, with smaller steps towards the input, ``"optim_wrapper.paramwise_cfg=
{'custom_keys': {'rgb.layers.0': {'lr_mult': 0.1}, 'rgb.layers.1': {'lr_mult': 0.3}}}"``; and from scratch, without any.
"""

from mmengine.config import read_base

from triad.fusion.models import Recognizer
from triad.modalities.video_encoders import TorchvisionVideo

with read_base():
    from .._base_.datasets.jhmdb_square import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_finetune import *
    from .._base_.streams.rgb import *

rgb.reader.update(frame_size=(128, 171), crop_mode="center")
rgb.transform.update(size=(112, 112), mean=(110.2008, 100.63983, 95.99475), std=(58.14765, 56.46975, 55.332195))
rgb.encoder = dict(type=TorchvisionVideo, network="r2plus1d_18", in_channels=3)
rgb.num_frames = 16
streams = dict(rgb=rgb)
model = dict(type=Recognizer, streams=streams, num_classes=14)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
