"""Feichtenhofer et al. 2016 on J-HMDB: two Inception-I3D, whose flow joins RGB by a 1×1×1 convolution of both maps.

After Mixed_3c, Mixed_4f and Mixed_5c, which are steps 7, 13 and 16 of the networks. Not trained here: it needs a GPU.
"""

from mmengine.config import read_base

from triad.fusion.models import LateralConnections

with read_base():
    from .inception_i3d_jhmdb import *

after = [(7, 7), (13, 13), (16, 16)]
model.update(paired=dict(type=LateralConnections, source="flow_dis", target="rgb", after=after, mode="concat"))
