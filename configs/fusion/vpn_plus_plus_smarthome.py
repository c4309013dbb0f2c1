"""VPN++ (Das et al. 2021) on Toyota Smarthome as published: two teachers of pose, an I3D that is tested alone.

    triad train configs/fusion/vpn_plus_plus_smarthome.py --data data/smarthome --cfg-options \\
        model.pretrained.rgb=work_dirs/sta/encoders/epoch_50.pth model.pretrained.skeleton=AGCN.pth

``AGCN.pth`` is a checkpoint of ``skeleton/agcn_smarthome``: it teaches features and stays frozen. A network of two of
its stages teaches attention and learns by a classifier of its own. Not trained here: it needs GPUs. Its authors report
69.0 % mean class accuracy cross-subject for RGB alone at test."""

from mmengine.config import read_base

from triad.fusion.attention import VpnPlusPlus
from triad.modalities.skeleton.encoders import TwoStreamAgcn

with read_base():
    from .vpn_smarthome import *

skeleton.reader.update(layout="smarthome15_agcn", convert_from="smarthome13")
skeleton.transform.update(layout="smarthome15_agcn")
skeleton.update(num_frames=400, train_only=True)
shallow = dict(**skeleton)
skeleton.encoder = dict(type=TwoStreamAgcn, layout="smarthome15_agcn", person_norms=1)
shallow.update(encoder=dict(type=TwoStreamAgcn, layout="smarthome15_agcn", person_norms=1, widths=(64, 64)))
streams = model.streams = dict(rgb=rgb, skeleton=skeleton, shallow=shallow)
teachers = dict(attention_teacher="shallow", feature_teacher="skeleton")
model.update(
    attention=[dict(type=VpnPlusPlus, video="rgb", **teachers)],
    heads=dict(rgb=0.9, skeleton=None),
    frozen=("skeleton",),
    dropout=0.5,
)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_dataloader.update(batch_size=8)
train_cfg.update(max_epochs=100)
param_scheduler[0].update(patience=10)
