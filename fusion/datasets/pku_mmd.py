"""PKU-MMD, phase 1: Liu et al. 2017, PKU-MMD: A Large Scale Benchmark for Skeleton-Based Human Action Understanding.

On disk, anywhere below the source, ``<NNNN>`` being a recording and L, M, R its three cameras:

- labels ``<NNNN>-<L|M|R>.txt`` with rows ``class,first frame,end frame,confidence`` (classes from 1);
- skeletons of the same names with rows of 150 numbers, x y z of 25 joints of two persons; the first row of a file
  decides between labels and joints, so that the folders may have any name;
- videos ``<NNNN>-<L|M|R>.avi``, 30 frames per second;
- the official lists ``cross-subject.txt`` and ``cross-view.txt``: a headline, training names, a headline, test names.

Protocols follow the official lists, which define no validation:

- across subjects, two runs of recordings of all three cameras validate. Who acts in which recording is not published;
  neighbours in number are the likeliest to show the same people, who may be on both sides where a run ends;
- across views, one of the two cameras that train validates: the right one, a side view that training has then not
  seen, as the left one is to the test. That is half of train, so refit on ``train+val`` once all is chosen.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

from triad.fusion.datasets import SKELETON_DTYPE, Dataset, by_official_list, field_of
from triad.fusion.datasets.clip_files import ClipFiles
from triad.fusion.datasets.segments import Segment, segment_records
from triad.fusion.datasets.writer import Dropped, Progress, Recording, SkeletonSpec, find_files, write_dataset
from triad.fusion.index import Record
from triad.modalities.checks import InputError, check_file, fail
from triad.modalities.skeleton import Poses, select_persons
from triad.modalities.skeleton.readers import read_pku

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
PATTERN = r"(?P<recording>\d{4})-(?P<camera>[LMR])"
PROTOCOL_OF_LIST = {"cross-subject.txt": "cross_subject", "cross-view.txt": "cross_view"}
VAL_RECORDINGS = (range(101, 131), range(251, 281))
FPS = 30.0
MAX_PERSONS = 2
CURE = "give the folder that holds labels and skeletons <NNNN>-<L|M|R>.txt, cross-subject.txt and cross-view.txt"


def read_labels(path: Path) -> list[Segment]:
    """Return the actions of a label file.

    Raises:
        InputError: naming file and line, if a row is not ``class,first frame,end frame,confidence``.
    """
    segments = []
    for number, row in enumerate(_read_text(path).split("\n"), 1):
        values = row.strip().strip(",").split(",")
        if values == [""]:
            continue
        if len(values) != 4 or not all(re.fullmatch(r"\s*\d{1,7}\s*", value) for value in values):
            fail(f"line {number} of '{path}'", "be 'class,first frame,end frame,confidence'", repr(row[:60]))
        label, first, end, confidence = (int(value) for value in values)
        segments.append(Segment(label - 1, first, end, {"confidence": confidence}))
    return segments


def read_list(path: Path) -> dict[str, str]:
    """Return ``{name: train | test}`` of an official list.

    Raises:
        InputError: If it is not a headline, names between commas, a headline, and names again; or a name is in both.
    """
    sections = re.split(r"^[^\n]*videos[^\n]*$", _read_text(path), flags=re.MULTILINE | re.IGNORECASE)
    name_lists = sections[1:] if len(sections) == 3 else ["", ""]
    train, test = (set(re.findall(r"\d{4}-[LMR]", names)) for names in name_lists)
    if not train or not test or train & test:
        counts = f"{len(train)} and {len(test)} names, {len(train & test)} of them on both sides"
        must = "name training and test videos, each below a line that says so"
        fail(f"official list '{path}'", must, f"{len(sections) - 1} headlines, {counts}")
    return dict.fromkeys(train, "train") | dict.fromkeys(test, "test")


def prepare_pku_mmd(
    source: Path, out: Path, *, dtype: str = "float32", progress: Progress[ClipFiles] = iter
) -> dict[str, Any]:
    """Write the packed skeletons and the index, one record an action; videos stay where they are.

    Raises:
        InputError: If there are no labels, or neither a video nor a skeleton.
    """
    files_by_name, dropped = _find_files(source, out)
    splits_by_protocol: dict[str, dict[str, str]] = {}
    for list_name, protocol in PROTOCOL_OF_LIST.items():
        try:
            paths = [path for path in find_files(source, list_name, exclude=out) if path.name == list_name]
            path = check_file("official list", paths[0] if paths else source / list_name, CURE)
            splits_by_protocol[protocol] = read_list(path)
        except InputError as error:
            dropped.append({"id": Path(list_name).stem, "reason": str(error)})
    listed = {name for splits in splits_by_protocol.values() for name in splits}
    dropped += [
        {"id": name, "reason": "in an official list, but there is no file of it"} for name in listed - {*files_by_name}
    ]
    clips: list[ClipFiles] = []
    records: dict[str, tuple[Record, ...]] = {}
    for name, files in sorted(files_by_name.items()):
        match = re.fullmatch(PATTERN, name)
        fields = match.groupdict() if match else {}
        official = {protocol: splits[name] for protocol, splits in splits_by_protocol.items() if name in splits}
        try:
            labels = read_labels(check_file(f"labels of '{name}'", files.get("labels", source / f"{name}.txt"), CURE))
        except InputError as error:
            dropped.append({"id": name, "reason": f"labels: {error}"})
            continue
        records[name], invalid = segment_records(
            name, labels, fields={**fields, "official": official}, num_classes=len(CLASSES), fps=FPS
        )
        dropped += invalid
        clips.append(ClipFiles(name, fields, files.get("skeleton"), files.get("video")))
    return write_dataset(
        out,
        (_recording(clip, records[clip.id]) for clip in progress(clips)),
        metainfo={
            "dataset": "pku_mmd",
            "classes": list(CLASSES),
            "source": "Liu et al. 2017, PKU-MMD: A Large Scale Benchmark for Skeleton-Based Human Action Understanding",
        },
        skeletons=SkeletonSpec(layout="ntu25", fps=FPS, dtype=dtype),
        dropped=dropped,
    )


def _find_files(source: Path, out: Path) -> tuple[dict[str, dict[str, Path]], list[Dropped]]:
    """Return the ``labels``, ``skeleton`` and ``video`` of every name, and the files that are none of these."""
    files_by_name: dict[str, dict[str, Path]] = {}
    dropped: list[Dropped] = []
    for path in find_files(source, ".txt", ".avi", ".mp4", exclude=out):
        if path.name in PROTOCOL_OF_LIST:
            continue
        if re.fullmatch(PATTERN, path.stem) is None:
            dropped.append({"id": path.stem, "reason": f"'{path}' is not named as the dataset's videos are"})
            continue
        kind = _kind_of(path)
        if kind is None:
            dropped.append({"id": path.stem, "reason": f"'{path}' holds neither labels nor joints: it is empty"})
            continue
        files = files_by_name.setdefault(path.stem, {})
        if kind in files:
            dropped.append({"id": path.stem, "reason": f"{kind}: '{path}' is there twice, also '{files[kind]}'"})
        files.setdefault(kind, path)
    if not any("labels" in files for files in files_by_name.values()):
        fail("source", "hold label files <NNNN>-<L|M|R>.txt", f"none in '{source}'", CURE)
    return files_by_name, dropped


def _kind_of(path: Path) -> str | None:
    """Return ``video``, ``labels`` (rows with commas), ``skeleton`` (rows without), or None for an empty file."""
    if path.suffix != ".txt":
        return "video"
    with path.open("rb") as file:
        first_row = file.read(40).strip().partition(b"\n")[0]
    return ("labels" if b"," in first_row else "skeleton") if first_row else None


def _recording(clip: ClipFiles, records: tuple[Record, ...]) -> Recording:
    return Recording(clip.id, records, clip.video, partial(_read, clip.skeleton) if clip.skeleton else None)


def _read(path: Path) -> Poses:
    return select_persons(read_pku(path), max_persons=MAX_PERSONS)  # who moves most comes first, as in NTU RGB+D


def _read_text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        fail(f"'{path}'", "be text", str(error), CURE)


def _is_val_recording(record: Record) -> bool:
    return any(int(field_of(record, "recording")) in numbers for numbers in VAL_RECORDINGS)


def _is_right_camera(record: Record) -> bool:
    return field_of(record, "camera") == "R"


PKU_MMD = Dataset(
    name="pku_mmd",
    files="{NNNN}-{L,M,R}.avi, skeletons and labels {NNNN}-{L,M,R}.txt, cross-subject.txt, cross-view.txt.",
    prepare=prepare_pku_mmd,
    options=(SKELETON_DTYPE,),
    protocols={
        "cross_subject": by_official_list("cross_subject", val=_is_val_recording),
        "cross_view": by_official_list("cross_view", val=_is_right_camera),
    },
    # actions, all of which are on a side of both lists
    published_counts={name: {"train+val+test": 21545} for name in ("cross_subject", "cross_view")},
    published_video_counts={
        "cross_subject": {"train+val": 944, "test": 132},
        "cross_view": {"train+val": 717, "test": 359},
    },
    max_persons=MAX_PERSONS,
)
