"""Cross-attention from joints to patches on MiniHome: every joint of ST-GCN++ reads the RGB map of a small R(2+1)D.

    triad train configs/fusion/joint_cross_attention_minihome.py --data work_dirs/demo/data --cfg-options \\
        model.pretrained.rgb=work_dirs/demo/rgb/epoch_12.pth \\
        model.pretrained.skeleton=work_dirs/demo/skeleton/epoch_10.pth

The skeleton's head answers from what its joints have read, beside RGB's own. A skeleton alone is answered as before."""

from mmengine.config import read_base

from triad.fusion.attention import JointCrossAttention

with read_base():
    from .separable_sta_minihome import *

model.update(attention=[dict(type=JointCrossAttention, video="rgb", pose="skeleton")], frozen=())
model.heads.update(skeleton=1.0)
model.attention[0].update(channels=64)
