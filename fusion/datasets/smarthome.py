"""Toyota Smarthome: Das et al. 2019, Toyota Smarthome: Real-World Activities of Daily Living.

On disk, anywhere below the source: videos ``<Class>_p<PP>_r<RR>_v<VV>_c<CC>.mp4`` and skeletons of LCR-Net++ of one
release, ``<same name>_pose3d.json`` (1.2) or ``<same name>.json`` (1.0, 2.0). Labels are ours, see
``fusion.datasets.protocols.smarthome`` for the order that circulates besides.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from fusion.datasets.clip_files import Clip, Progress, find_clips
from fusion.datasets.max_persons import MOST_PERSONS
from fusion.datasets.protocols.smarthome import CLASSES, PROTOCOLS, REJECTED, compare_lists
from fusion.datasets.writer import Recording, Skeletons, build
from modalities.checks import InputError, check_choice, fail
from modalities.skeleton.persons import choose
from modalities.skeleton.poses import Poses
from modalities.skeleton.readers import read_lcrnet

NAME = (
    r"(?P<class>[A-Za-z]+(?:\.[A-Za-z]+)?)_(?P<subject>p\d\d)"
    r"_(?P<repetition>r\d\d)_(?P<session>v\d\d)_(?P<camera>c\d\d)"
)
SKELETONS = ("_pose3d.json", ".json")
FPS = 20.0
SIZE = (480, 640)
"""Height and width of the frames that LCR-Net++ saw."""
CURE = "give the folder that holds mp4/, or skeletons, with names such as Cutbread_p03_r00_v10_c02"


def prepare_smarthome(source: Path, out: Path, *, dtype: str = "float32", progress: Progress = iter) -> dict[str, Any]:
    """Write the packed skeletons and the index; videos stay where they are.

    Returns:
        the number of ``records``; ``dropped``: ``[{"id", "reason"}]``; and ``lists``: whether the clips found are those
        of the authors' lists.

    Raises:
        InputError: if the folder holds no clip of the dataset, or skeletons of several releases.
    """
    clips, dropped = find_clips(source, NAME, skeleton=SKELETONS, video=(".mp4",), without=out, cure=CURE)
    _check_release(clips, dropped)
    kept: list[Clip] = []
    for clip in clips:
        try:
            kept.append(_checked(clip))
        except InputError as error:
            dropped.append({"id": clip.id, "reason": str(error)})
    report = build(
        out,
        (_recording(clip) for clip in progress(kept)),
        metainfo={
            "dataset": "smarthome",
            "classes": list(CLASSES),
            "source": "Das et al. 2019, Toyota Smarthome: Real-World Activities of Daily Living",
        },
        skeletons=Skeletons(layout="smarthome13", fps=FPS, size=SIZE, dtype=dtype),
        dropped=dropped,
    )
    return {**report, "lists": compare_lists(clip.id for clip in clips)}


def _check_release(clips: list[Clip], dropped: list[dict[str, str]]) -> None:
    """Two releases estimate other joints from the same video: a mixture of them is neither."""
    endings = {ending: clip for clip in clips if clip.skeleton for ending in [clip.skeleton.name.removeprefix(clip.id)]}
    twice = [row["reason"] for row in dropped if row["reason"].startswith("skeleton: ") and "twice" in row["reason"]]
    if len(endings) > 1 or twice:
        got = (
            twice[0].removeprefix("skeleton: ") if twice else " and ".join(f"'{c.skeleton}'" for c in endings.values())
        )
        fail("source", "hold skeletons of one release", got, "give a folder with links to the parts you want")


def _checked(clip: Clip) -> Clip:
    """The clip, if the benchmark knows its class, subject and camera."""
    label = clip.fields["class"]
    if label in REJECTED:
        fail(f"class of '{clip.id}'", "be one of the benchmark's 31", f"'{label}', which it left out")
    check_choice(f"class of '{clip.id}'", label, CLASSES)
    if PROTOCOLS["cross_subject"](clip.fields) is None:
        fail(f"subject of '{clip.id}'", "be one of the 18 of the dataset", f"'{clip.fields['subject']}'")
    check_choice(f"camera of '{clip.id}'", clip.fields["camera"], [f"c0{number}" for number in range(1, 8)])
    return clip


def _recording(clip: Clip) -> Recording:
    record = {
        "id": clip.id,
        "label": CLASSES.index(clip.fields["class"]),
        **{field: clip.fields[field] for field in ("class", "subject", "camera", "session", "repetition")},
    }
    return Recording(clip.id, (record,), clip.video, partial(_read, clip.skeleton) if clip.skeleton else None)


def _read(path: Path) -> Poses:
    # one person lives there; others are visitors, or mistakes
    return choose(read_lcrnet(path), most=MOST_PERSONS["smarthome"], by="score")
