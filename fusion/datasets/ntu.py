"""NTU RGB+D 60 and 120: Shahroudy et al. 2016, NTU RGB+D; Liu et al. 2019, NTU RGB+D 120.

On disk, anywhere below the source: ``S<sss>C<ccc>P<ppp>R<rrr>A<aaa>.skeleton`` and ``…_rgb.avi`` (setup, camera,
performer, replication, action; 1920×1080, 30 frames per second). Clips whose skeletons the authors list as missing or
incomplete are left out whole, so that every stream has the same clips, those that everybody reports on.

Or an annotation pickle of pyskl and mmaction2 with 3D joints (``ntu60_3d.pkl``; Duan et al. 2022, PYSKL), whose
``frame_dir`` are the same names; its splits are those of the names. Nothing in it is executed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from fusion.datasets.clip_files import Clip, Progress, find_clips
from fusion.datasets.max_persons import MOST_PERSONS
from fusion.datasets.writer import Dropped, Recording, Skeletons, build
from modalities.checks import InputError, fail
from modalities.skeleton.persons import choose, denoise, link
from modalities.skeleton.poses import Poses
from modalities.skeleton.readers import Annotations, read_annotations, read_ntu

NAME = r"(?P<setup>S\d{3})(?P<camera>C00[123])(?P<subject>P\d{3})(?P<repetition>R00[12])(?P<action>A\d{3})"
FPS = 30.0
SIZE = (1080, 1920)
PERSONS = MOST_PERSONS["ntu60"]
"""Who move most are kept, whatever the class: how many act together is for the model to see, not to be told."""
CURE = "give the folder that holds S<sss>C<ccc>P<ppp>R<rrr>A<aaa>.skeleton or ..._rgb.avi, or the file ntu60_3d.pkl"


Reader = Callable[[], Poses]


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

    Args:
        source: folder, or an annotation pickle.
        out: folder of the dataset.
        edition: which of the two.
        dtype: of the store.
        progress: shows how far it is, given the clips that are to be read.

    Returns:
        the number of ``records``; ``dropped``: ``[{"id", "reason"}]``; and how many clips of the other edition were
        ``skipped``.

    Raises:
        InputError: if the source holds no clip of the dataset.
    """
    reader: Callable[[Clip], Reader | None]
    if source.is_file():
        clips, dropped, reader = _in_annotations(read_annotations(source, layout="ntu25"))
    else:
        clips, dropped = find_clips(
            source, NAME, skeleton=".skeleton", video=("_rgb.avi", "_rgb.mp4"), without=out, cure=CURE
        )
        reader = _reader_of
    within = [clip for clip in clips if is_within(clip.fields, edition)]
    kept = [clip for clip in within if clip.id not in missing_skeletons()]
    reason = "the authors list its skeleton as missing or incomplete"
    dropped += [{"id": clip.id, "reason": reason} for clip in within if clip.id in missing_skeletons()]
    report = build(
        out,
        (_recording(clip, reader(clip)) for clip in progress(kept)),
        metainfo={
            "dataset": edition.dataset,
            "classes": list(class_names()[: edition.classes]),
            "source": edition.source,
        },
        skeletons=Skeletons(layout="ntu25", fps=FPS, size=None if source.is_file() else SIZE, dtype=dtype),
        dropped=dropped,
    )
    return {**report, "skipped": len(clips) - len(within)}


def is_within(fields: Mapping[str, str], edition: Edition) -> bool:
    """Whether a clip of these fields is one of an edition's."""
    limits = {"setup": edition.setups, "subject": edition.subjects, "action": edition.classes}
    return all(1 <= int(fields[field][1:]) <= limit for field, limit in limits.items())


def _in_annotations(found: Annotations) -> tuple[list[Clip], list[Dropped], Callable[[Clip], Reader]]:
    """The clips of a pickle in the order of their ids, the rows that are none, and what reads a clip."""
    numbers: dict[str, int] = {}
    dropped: list[Dropped] = []
    for number in range(len(found)):
        try:
            name = found.name(number)
        except InputError as error:
            dropped.append({"id": f"annotation {number}", "reason": str(error)})
            continue
        if re.fullmatch(NAME, name) is None:
            dropped.append({"id": name, "reason": "skeleton: frame_dir is not named as the dataset's clips are"})
        elif numbers.setdefault(name, number) != number:
            dropped.append({"id": name, "reason": f"skeleton: annotation {number} has the frame_dir of another"})
    if not numbers:
        fail("source", "hold clips named as the dataset's are", f"none in '{found.path}'", CURE)
    clips = [
        Clip(name, matched.groupdict(), None, None)
        for name in sorted(numbers)
        if (matched := re.fullmatch(NAME, name)) is not None
    ]
    return clips, dropped, lambda clip: partial(_take, found, numbers[clip.id], clip)


def _take(found: Annotations, number: int, clip: Clip) -> Poses:
    annotation = found[number]
    if annotation.label not in (None, label_of(clip)):
        fail(f"label of '{clip.id}' in '{found.path}'", f"be {label_of(clip)} as its name says", annotation.label)
    return choose(annotation.poses, most=PERSONS)


def label_of(clip: Clip) -> int:
    return int(clip.fields["action"][1:]) - 1


def _reader_of(clip: Clip) -> Reader | None:
    return partial(_read, clip.skeleton) if clip.skeleton else None


def _recording(clip: Clip, skeleton: Reader | None) -> Recording:
    fields = {name: clip.fields[name] for name in ("setup", "camera", "subject", "repetition")}
    return Recording(clip.id, ({"id": clip.id, "label": label_of(clip), **fields},), clip.video, skeleton)


def _read(path: Path) -> Poses:
    return choose(denoise(link(read_ntu(path))), most=PERSONS)


def _lines(name: str) -> list[str]:
    return files("fusion.datasets").joinpath(name).read_text("utf-8").splitlines()
