"""MSR DailyActivity3D: Wang et al. 2012, Mining Actionlet Ensemble for Action Recognition with Depth Cameras.

On disk, anywhere below the source: ``a01_s01_e01_skeleton.txt`` (20 joints of Kinect v1) and ``a01_s01_e01_rgb.avi``;
either may be missing, depth is not read. Ten subjects do sixteen actions twice, in ``e01`` mostly seated on a sofa, in
``e02`` standing: 320 clips.

Protocol: the odd subjects train, of whom subject 9 validates.
"""

from __future__ import annotations

from triad.fusion.datasets import SKELETON_DTYPE, Dataset, by_field, leave_one_out
from triad.fusion.datasets.clip_preparer import ClipPreparer
from triad.modalities.skeleton.readers import read_msr_daily

ACTIONS = (
    *("drink", "eat", "read book", "call cellphone", "write on a paper", "use laptop", "use vacuum cleaner"),
    *("cheer up", "sit still", "toss paper", "play game", "lie down on sofa", "walk", "play guitar", "stand up"),
    "sit down",
)
"""Names of the actions, that of ``a01`` first.

The order is that of the authors' page, by which readers number the files (pyKinectTools' ``read_MSR_labels`` and
others); one public list differs, of the moving pose descriptor, and gives no source.
"""

MSR_DAILY_ACTIVITY3D = Dataset(
    name="msr_daily_activity3d",
    files="a{AA}_s{SS}_e{EE}_skeleton.txt, a{AA}_s{SS}_e{EE}_rgb.avi.",
    prepare=ClipPreparer(
        name="msr_daily_activity3d",
        classes=ACTIONS,
        source="Wang et al. 2012, Mining Actionlet Ensemble for Action Recognition with Depth Cameras",
        pattern=r"a(?P<action>0[1-9]|1[0-6])_s(?P<subject>0[1-9]|10)_e(?P<repetition>0[12])",
        file_names="a01_s01_e01_skeleton.txt or a01_s01_e01_rgb.avi",
        skeleton="_skeleton.txt",
        video=("_rgb.avi",),
        read=read_msr_daily,
        layout="kinect20",
        fps=30.0,  # the Kinect's
    ).prepare,
    options=(SKELETON_DTYPE,),
    protocols={
        "cross_subject": by_field("subject", val={"s09"}, test={"s02", "s04", "s06", "s08", "s10"}),
        **leave_one_out("subject", tuple(f"s{number:02d}" for number in range(1, 11))),
    },
    published_counts={"cross_subject": {"train+val": 160, "test": 160}},
    max_persons=2,
)
