"""Separable STA (Das et al. 2019) on MiniHome with a head of the skeleton's own, which votes beside the attended RGB.

Not the paper's, which has one answer: the form whose accuracy the README quotes, with the command. Either stream can
be left out at test."""

from mmengine.config import read_base

with read_base():
    from .separable_sta_minihome import *

model.heads.update(skeleton=1.0)
