"""NTU RGB+D 60 and 120: Shahroudy et al. 2016, NTU RGB+D; Liu et al. 2019, NTU RGB+D 120.

On disk, anywhere below the source: ``S<sss>C<ccc>P<ppp>R<rrr>A<aaa>.skeleton`` and ``…_rgb.avi`` (setup, camera,
performer, replication, action; 1920×1080, 30 frames per second). Clips whose skeletons the authors list as missing or
incomplete are left out whole, so that every stream has the same clips, those that everybody reports on.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from fusion.data.prepare.building import Recording, Skeletons, build
from fusion.data.prepare.clips import Clip, Progress, find_clips
from modalities.skeleton.persons import choose, denoise, link
from modalities.skeleton.poses import Poses
from modalities.skeleton.readers import read_ntu

NAME = r"(?P<setup>S\d{3})(?P<camera>C00[123])(?P<subject>P\d{3})(?P<repetition>R00[12])(?P<action>A\d{3})"
FPS = 30.0
SIZE = (1080, 1920)
PERSONS = 2
"""Who move most are kept, whatever the class: how many act together is for the model to see, not to be told."""
CURE = "give the folder that holds S<sss>C<ccc>P<ppp>R<rrr>A<aaa>.skeleton or ..._rgb.avi"


class Edition(NamedTuple):
    """What tells the two datasets apart: the smaller one is the first setups and classes of the larger one."""

    dataset: str
    setups: int
    subjects: int
    classes: int
    source: str


NTU60 = Edition("ntu60", 17, 40, 60, "Shahroudy et al. 2016, NTU RGB+D")
NTU120 = Edition("ntu120", 32, 106, 120, "Liu et al. 2019, NTU RGB+D 120")


@cache
def class_names() -> tuple[str, ...]:
    """The 120 classes, the first 60 of which are those of NTU RGB+D 60."""
    return tuple(_lines("ntu_classes.txt"))


@cache
def missing_skeletons() -> frozenset[str]:
    """The 535 clips (302 of NTU RGB+D 60) whose skeletons the authors list as missing or incomplete."""
    return frozenset(_lines("ntu_missing.txt"))


def prepare_ntu(source: Path, out: Path, edition: Edition, *, dtype: str, progress: Progress) -> dict[str, Any]:
    """Write the packed skeletons and the index of one edition; videos stay where they are.

    Returns:
        the number of ``records``; ``dropped``: ``[{"id", "reason"}]``; and how many clips of the other edition were
        ``skipped``.

    Raises:
        InputError: if the folder holds no clip of the dataset.
    """
    clips, dropped = find_clips(
        source, NAME, skeleton=".skeleton", video=("_rgb.avi", "_rgb.mp4"), without=out, cure=CURE
    )
    within = [clip for clip in clips if is_within(clip.fields, edition)]
    kept = [clip for clip in within if clip.id not in missing_skeletons()]
    reason = "the authors list its skeleton as missing or incomplete"
    dropped += [{"id": clip.id, "reason": reason} for clip in within if clip.id in missing_skeletons()]
    report = build(
        out,
        (_recording(clip) for clip in progress(kept)),
        metainfo={
            "dataset": edition.dataset,
            "classes": list(class_names()[: edition.classes]),
            "source": edition.source,
        },
        skeletons=Skeletons(layout="ntu25", fps=FPS, size=SIZE, dtype=dtype),
        dropped=dropped,
    )
    return {**report, "skipped": len(clips) - len(within)}


def is_within(fields: Mapping[str, str], edition: Edition) -> bool:
    """Whether a clip of these fields is one of an edition's."""
    limits = {"setup": edition.setups, "subject": edition.subjects, "action": edition.classes}
    return all(1 <= int(fields[field][1:]) <= limit for field, limit in limits.items())


def _recording(clip: Clip) -> Recording:
    fields = {name: clip.fields[name] for name in ("setup", "camera", "subject", "repetition")}
    record = {"id": clip.id, "label": int(clip.fields["action"][1:]) - 1, **fields}
    return Recording(clip.id, (record,), clip.video, partial(_read, clip.skeleton) if clip.skeleton else None)


def _read(path: Path) -> Poses:
    return choose(denoise(link(read_ntu(path))), most=PERSONS)


def _lines(name: str) -> list[str]:
    return files("fusion.data.prepare").joinpath(name).read_text("utf-8").splitlines()
