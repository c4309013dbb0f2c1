"""Florence 3D Actions: Seidenari et al. 2013, Recognizing Actions from Depth Cameras as Weakly Aligned Multi-part
Bag-of-Poses.

On disk: ``a{01..09}_s{1..10}_id{N}.txt`` anywhere below the source, rows of x y z in millimetres, 15 joints a frame:
215 sequences of 9 actions by 10 actors. The authors' videos have other names and are not read.
"""

from __future__ import annotations

from fusion.datasets.clip_dataset import ClipDataset
from modalities.skeleton.readers import read_florence

ACTIONS = (
    *("wave", "drink_from_bottle", "answer_phone", "clap", "tight_lace"),
    *("sit_down", "stand_up", "read_watch", "bow"),
)
"""Action 1 first."""
NAME = r"a0(?P<action>[1-9])_s(?P<subject>[1-9]|10)_id(?P<repetition>\d+)"
FPS = 30.0  # Kinect v1's; the paper names no other rate and the files hold no times

FLORENCE3D = ClipDataset(
    name="florence3d",
    classes=ACTIONS,
    source="Seidenari et al. 2013, Recognizing Actions from Depth Cameras as Weakly Aligned Multi-part Bag-of-Poses",
    pattern=NAME,
    files="a{AA}_s{S}_id{N}.txt",
    skeleton=".txt",
    video=(),
    read=read_florence,
    layout="florence15",
    fps=FPS,
)

prepare_florence3d = FLORENCE3D.prepare
