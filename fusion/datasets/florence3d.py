"""Florence 3D Actions: Seidenari et al. 2013, Recognizing Actions from Depth Cameras as Weakly Aligned Multi-part
Bag-of-Poses.

On disk: ``a{01..09}_s{1..10}_id{N}.txt`` anywhere below the source, rows of x y z in millimetres, 15 joints a frame:
215 sequences of 9 actions by 10 actors. The authors' videos have other names and are not read.

Protocols: ten folds, each tested on an actor who is new to the model.
"""

from __future__ import annotations

from triad.fusion.datasets import SKELETON_DTYPE, Dataset, leave_one_out
from triad.fusion.datasets.clip_preparer import ClipPreparer
from triad.modalities.skeleton.readers import read_florence

ACTIONS = (
    *("wave", "drink_from_bottle", "answer_phone", "clap", "tight_lace"),
    *("sit_down", "stand_up", "read_watch", "bow"),
)
"""Names of the actions, that of ``a01`` first."""
PROTOCOLS = leave_one_out("subject", tuple(f"s{number}" for number in range(1, 11)))

FLORENCE3D = Dataset(
    name="florence3d",
    files="a{AA}_s{S}_id{N}.txt, rows of 15 joints in millimetres.",
    prepare=ClipPreparer(
        name="florence3d",
        classes=ACTIONS,
        source=(
            "Seidenari et al. 2013, Recognizing Actions from Depth Cameras as Weakly Aligned Multi-part Bag-of-Poses"
        ),
        pattern=r"a0(?P<action>[1-9])_s(?P<subject>[1-9]|10)_id(?P<repetition>\d+)",
        file_names="a{AA}_s{S}_id{N}.txt",
        skeleton=".txt",
        video=(),
        read=read_florence,
        layout="florence15",
        fps=30.0,  # Kinect v1's; the paper names no other rate and the files hold no times
    ).prepare,
    options=(SKELETON_DTYPE,),
    protocols=PROTOCOLS,
    published_counts={name: {"train+val+test": 215} for name in PROTOCOLS},
)
