"""π-ViT (Reilly & Das 2024) on J-HMDB: TimeSformer-B learns from annotated joints and is tested without them.

    triad train configs/fusion/pi_vit_jhmdb.py --data data/jhmdb --cfg-options \\
        model.pretrained.skeleton=SKELETON.pth streams.rgb.encoder.weights=TimeSformer_divST_8x32_224_K400.pth

``SKELETON.pth`` is a checkpoint of ``skeleton/stgcnpp_jhmdb``. Not trained here: it needs a GPU."""

from mmengine.config import read_base

from triad.fusion.attention import PiViT
from triad.modalities.skeleton.encoders import StGcnPlusPlus

with read_base():
    from .._base_.streams.skeleton import *
    from ..rgb.timesformer_jhmdb import *

skeleton.reader.update(layout="jhmdb15", frame_size=(256, 340), crop_mode="center")
skeleton.transform.update(layout="jhmdb15", frame_size=(256, 340))
skeleton.encoder = dict(type=StGcnPlusPlus, layout="jhmdb15", in_channels=2, widths=(32, 32, 64, 64, 128, 128))
skeleton.update(num_frames=32, train_only=True)
streams = model.streams = dict(rgb=rgb, skeleton=skeleton)
model.update(
    attention=[dict(type=PiViT, video="rgb", pose="skeleton", layout="jhmdb15")],
    frozen=("skeleton",),
    pretrained=dict(skeleton=None),
)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
