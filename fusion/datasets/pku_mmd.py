"""PKU-MMD, phase 1: Liu et al. 2017, PKU-MMD: A Large Scale Benchmark for Skeleton-Based Human Action Understanding.

On disk, anywhere below the source, ``<NNNN>`` being a recording and L, M, R its three views:

- labels ``<NNNN>-<L|M|R>.txt`` with rows ``class,first frame,end frame,confidence`` (classes from 1);
- skeletons of the same names with rows of 150 numbers, x y z of 25 joints of two persons; what a file holds is told by
  its first row, so that the folders may have any name;
- videos ``<NNNN>-<L|M|R>.avi``, 30 frames per second;
- the official lists ``cross-subject.txt`` and ``cross-view.txt``: a headline, training names, a headline, test names.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

from fusion.datasets.clip_files import Clip, Progress
from fusion.datasets.max_persons import MOST_PERSONS
from fusion.datasets.segments import Segment, cut
from fusion.datasets.writer import Dropped, Recording, Skeletons, build, find_files
from fusion.index.index import Record
from modalities.checks import InputError, check_file, fail
from modalities.skeleton.persons import choose
from modalities.skeleton.poses import Poses
from modalities.skeleton.readers import read_pku

CLASSES = (
    *("bow", "brushing hair", "brushing teeth", "check time (from watch)", "cheer up", "clapping"),
    *("cross hands in front (say stop)", "drink water", "drop", "eat meal/snack", "falling"),
    *("giving something to other person", "hand waving", "handshaking", "hopping (one foot jumping)"),
    *("hugging other person", "jump up", "kicking other person", "kicking something"),
    *("make a phone call/answer phone", "pat on back of other person", "pickup", "playing with phone/tablet"),
    *("point finger at the other person", "pointing to something with finger", "punching/slapping other person"),
    *("pushing other person", "put on a hat/cap", "put something inside pocket", "reading", "rub two hands together"),
    *("salute", "sitting down", "standing up", "take off a hat/cap", "take off glasses", "take off jacket"),
    *("take out something from pocket", "taking a selfie", "tear up paper", "throw", "touch back (backache)"),
    *("touch chest (stomachache/heart pain)", "touch head (headache)", "touch neck (neckache)"),
    *("typing on a keyboard", "use a fan (with hand or paper)/feeling warm", "wear jacket", "wear on glasses"),
    *("wipe face", "writing"),
)
NAME = r"(?P<recording>\d{4})-(?P<camera>[LMR])"
LISTS = {"cross-subject.txt": "cross_subject", "cross-view.txt": "cross_view"}
FPS = 30.0
CURE = "give the folder that holds labels and skeletons <NNNN>-<L|M|R>.txt, cross-subject.txt and cross-view.txt"


def read_labels(path: Path) -> list[Segment]:
    """The actions of a label file.

    Raises:
        InputError: naming file and line, if a row is not ``class,first frame,end frame,confidence``.
    """
    segments = []
    for number, row in enumerate(_text(path).split("\n"), 1):
        values = row.strip().strip(",").split(",")
        if values == [""]:
            continue
        if len(values) != 4 or not all(re.fullmatch(r"\s*\d{1,7}\s*", value) for value in values):
            fail(f"line {number} of '{path}'", "be 'class,first frame,end frame,confidence'", repr(row[:60]))
        label, first, end, confidence = (int(value) for value in values)
        segments.append(Segment(label - 1, first, end, {"confidence": confidence}))
    return segments


def read_list(path: Path) -> dict[str, str]:
    """``{name: train | test}`` of an official list.

    Raises:
        InputError: if it is not a headline, names between commas, a headline, and names again; or a name is on both.
    """
    parts = re.split(r"^[^\n]*videos[^\n]*$", _text(path), flags=re.MULTILINE | re.IGNORECASE)
    sides = parts[1:] if len(parts) == 3 else ["", ""]
    train, test = (set(re.findall(r"\d{4}-[LMR]", side)) for side in sides)
    if not train or not test or train & test:
        got = (
            f"{len(parts) - 1} headlines, {len(train)} and {len(test)} names, {len(train & test)} of them on both sides"
        )
        fail(f"official list '{path}'", "name training and test videos, each below a line that says so", got)
    return dict.fromkeys(train, "train") | dict.fromkeys(test, "test")


def prepare_pku_mmd(source: Path, out: Path, *, dtype: str = "float32", progress: Progress = iter) -> dict[str, Any]:
    """Write the packed skeletons and the index, a record an action; videos stay where they are.

    Returns:
        the number of ``records``, and ``dropped``: ``[{"id", "reason"}]``.

    Raises:
        InputError: if there is no label, or neither a video nor a skeleton.
    """
    found, dropped = _find(source, out)
    sides: dict[str, dict[str, str]] = {}
    for name, protocol in LISTS.items():
        try:
            paths = [path for path in find_files(source, name, without=out) if path.name == name]
            sides[protocol] = read_list(check_file("official list", paths[0] if paths else source / name, CURE))
        except InputError as error:
            dropped.append({"id": Path(name).stem, "reason": str(error)})
    listed = {name for side in sides.values() for name in side}
    dropped += [{"id": name, "reason": "in an official list, but there is no file of it"} for name in listed - {*found}]
    clips: list[Clip] = []
    records: dict[str, tuple[Record, ...]] = {}
    for name, parts in sorted(found.items()):
        fields = _fields(name)
        official = {protocol: side[name] for protocol, side in sides.items() if name in side}
        try:
            labels = read_labels(check_file(f"labels of '{name}'", parts.get("labels", source / f"{name}.txt"), CURE))
        except InputError as error:
            dropped.append({"id": name, "reason": f"labels: {error}"})
            continue
        records[name], empty = cut(name, labels, fields={**fields, "official": official}, classes=len(CLASSES), fps=FPS)
        dropped += empty
        clips.append(Clip(name, fields, parts.get("skeleton"), parts.get("video")))
    return build(
        out,
        (_recording(clip, records[clip.id]) for clip in progress(clips)),
        metainfo={
            "dataset": "pku_mmd",
            "classes": list(CLASSES),
            "source": "Liu et al. 2017, PKU-MMD: A Large Scale Benchmark for Skeleton-Based Human Action Understanding",
        },
        skeletons=Skeletons(layout="ntu25", fps=FPS, dtype=dtype),
        dropped=dropped,
    )


def _find(source: Path, out: Path) -> tuple[dict[str, dict[str, Path]], list[Dropped]]:
    """Labels, skeleton and video of every name, and the files that are neither."""
    found: dict[str, dict[str, Path]] = {}
    dropped: list[Dropped] = []
    for path in find_files(source, ".txt", ".avi", ".mp4", without=out):
        if path.name in LISTS:
            continue
        if re.fullmatch(NAME, path.stem) is None:
            dropped.append({"id": path.stem, "reason": f"'{path}' is not named as the dataset's videos are"})
            continue
        part = _part(path)
        if part is None:
            dropped.append({"id": path.stem, "reason": f"'{path}' holds neither labels nor joints: it is empty"})
            continue
        if part in found.setdefault(path.stem, {}):
            reason = f"{part}: '{path}' is there twice, also '{found[path.stem][part]}'"
            dropped.append({"id": path.stem, "reason": reason})
        found[path.stem].setdefault(part, path)
    if not any("labels" in parts for parts in found.values()):
        fail("source", "hold label files <NNNN>-<L|M|R>.txt", f"none in '{source}'", CURE)
    return found, dropped


def _part(path: Path) -> str | None:
    """What a file holds: rows of labels have commas, rows of joints have none; None where there is no row."""
    if path.suffix != ".txt":
        return "video"
    with path.open("rb") as file:
        first = file.read(40).strip().partition(b"\n")[0]
    return ("labels" if b"," in first else "skeleton") if first else None


def _fields(name: str) -> dict[str, str]:
    matched = re.fullmatch(NAME, name)
    return matched.groupdict() if matched else {}


def _recording(clip: Clip, records: tuple[Record, ...]) -> Recording:
    return Recording(clip.id, records, clip.video, partial(_read, clip.skeleton) if clip.skeleton else None)


def _read(path: Path) -> Poses:
    return choose(read_pku(path), most=MOST_PERSONS["pku_mmd"])  # who moves most comes first, as in NTU RGB+D


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        fail(f"'{path}'", "be text", str(error), CURE)
