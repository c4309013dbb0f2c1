"""WebDataset shards: tar files whose members of one name, apart from the extension, are one clip and its label.

A clip is a video (``000.mp4``) or numbered pictures (``000.0001.jpg``); its label is ``.cls``, ``.txt`` or ``.json``.
Clips are unpacked into the prepared folder under names of our own, because readers jump in files; names in an archive
never become paths. Shards named after splits (``train-0000.tar``) keep them.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from triad.fusion.datasets import Dataset, PrepareOption, by_official_list
from triad.fusion.datasets.custom import check_frames, safe_ids, write_custom_dataset
from triad.fusion.datasets.custom.folder_layout import split_of_folder
from triad.fusion.datasets.folder import VIDEO_SUFFIX
from triad.fusion.datasets.writer import Dropped, Progress, Recording, find_files, summarize_reasons
from triad.fusion.index import Record
from triad.modalities.atomic_files import atomic_write
from triad.modalities.checks import InputError, fail, printable
from triad.modalities.video import DEFAULT_PICTURE_FPS, PICTURE_SUFFIXES

CURE = "give a folder of .tar shards that hold NAME.mp4 beside NAME.cls or NAME.json"
LABEL_KEYS = ("label", "class", "cls", "label_name", "class_name")
"""Fields of a ``.json`` member that name the class, the first that is there counts."""
MAX_LABEL_BYTES = 1 << 20
MAX_NAME = 200
"""Letters of a class."""


@dataclass
class ShardSample:
    """Members of one clip in a shard.

    Args:
        shard: path of the tar file.
        key: common part of their names.
        members: members by extension.
    """

    shard: Path
    key: str
    members: dict[str, tarfile.TarInfo] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name for ids and messages."""
        return printable(f"{self.shard.stem}_{self.key}")

    @property
    def pictures(self) -> list[tarfile.TarInfo]:
        """Members that are pictures, in the order of their numbers."""
        numbered = []
        for extension, member in self.members.items():
            number = re.fullmatch(r"\D*?(\d{1,9})\.\w+", extension)
            if number is not None and extension.lower().endswith(PICTURE_SUFFIXES):
                numbered.append((int(number[1]), extension, member))
        return [member for _, _, member in sorted(numbered, key=lambda row: row[:2])]

    @property
    def videos(self) -> list[tuple[str, tarfile.TarInfo]]:
        """Suffixes and members that are videos."""
        suffixes = {name: f".{name.rpartition('.')[2].lower()}" for name in self.members}
        return [(suffix, self.members[name]) for name, suffix in suffixes.items() if VIDEO_SUFFIX.fullmatch(suffix)]


def prepare_webdataset(
    source: Path, out: Path, *, fps: float = DEFAULT_PICTURE_FPS, progress: Progress[ShardSample] = iter
) -> dict[str, Any]:
    """Unpack the clips into ``OUT/clips`` and write the index.

    Args:
        source: a shard, or a folder of shards.
        out: output folder.
        fps: pictures per second of clips that are pictures.
        progress: wrapper of the list of clips that shows the progress.

    Raises:
        InputError: If there is no shard, a shard is damaged, or no clip is usable.
    """
    shards = [source] if source.is_file() else find_files(source, ".tar", exclude=out)
    if not shards:
        fail("source", "hold .tar shards", f"none in '{source}'", CURE)
    samples = [sample for shard in shards for sample in read_shard(shard)]
    splits = {shard: split_of_folder(re.split(r"[\W_]*\d", shard.stem)[0]) for shard in shards}
    has_splits = all(splits.values())
    dropped: list[Dropped] = []
    records: list[tuple[ShardSample, Record]] = []
    names = [sample.name for sample in samples]
    ids = safe_ids(names, [f"{number} {name}" for number, name in enumerate(names)])
    for record_id, sample in zip(ids, samples, strict=True):
        try:
            if len(sample.videos) > 1 or (not sample.videos and len(sample.pictures) < 2):
                must = "hold one video, or pictures"
                fail(f"sample '{sample.name}'", must, printable(list(sample.members)), CURE)
            label = read_label(sample)
        except InputError as error:
            dropped.append({"id": record_id, "reason": f"video: {error}"})
            continue
        record = {"id": record_id, "path": f"{label}/{record_id}", "class": label}
        records.append((sample, record | ({"split": splits[sample.shard]} if has_splits else {})))
    if not records:
        fail("source", "hold clips with labels", f"none in '{source}'; dropped: {summarize_reasons(dropped)}", CURE)
    record_by_sample = {id(sample): record for sample, record in records}

    def recordings() -> Iterator[Recording]:
        for sample in progress([sample for sample, _ in records]):
            record = record_by_sample[id(sample)]
            video = unpack(sample, out / "clips", record["id"])
            yield Recording(record["id"], (record,), video=video, finalize=check_frames, fps=fps)

    classes = {record["class"] for _, record in records}
    return write_custom_dataset("webdataset", out, recordings(), expected_classes=classes, dropped=dropped)


def read_shard(shard: Path) -> list[ShardSample]:
    """Return the samples of a shard, from its headers alone; only regular files count.

    Sparse members do not: a few bytes of them can unpack to terabytes.

    Raises:
        InputError: If it is no tar file, or is cut off.
    """
    samples: dict[str, ShardSample] = {}
    try:
        with tarfile.open(shard, "r:") as archive:
            for member in archive:
                folder, _, name = member.name.rpartition("/")
                key, dot, extension = name.partition(".")
                if member.isreg() and not member.issparse() and key and dot:
                    sample = samples.setdefault(f"{folder}/{key}", ShardSample(shard, f"{folder}/{key}".strip("/.")))
                    sample.members.setdefault(extension, member)
            end = archive.offset
    except (tarfile.TarError, OSError, ValueError) as error:
        fail("shard", "be a readable .tar file", f"'{shard}' ({printable(error)})", "download it again")
    if end > os.stat(shard).st_size:
        fail("shard", "be whole", f"'{shard}', which is cut off", "download it again")
    return list(samples.values())


def read_label(sample: ShardSample) -> str:
    """Return the class of a sample as text.

    Raises:
        InputError: If no member names it.
    """
    for extension in ("cls", "txt", "json"):
        member = sample.members.get(extension)
        if member is None:
            continue
        subject = f"label of '{sample.name}'"
        if member.size > MAX_LABEL_BYTES:
            fail(subject, f"have at most {MAX_LABEL_BYTES} bytes", member.size)
        with tarfile.open(sample.shard, "r:") as archive:
            file = archive.extractfile(member)
            content = file.read() if file is not None else b""
        try:
            text = content.decode("utf-8-sig").strip()
            label = _label_of_json(text) if extension == "json" else text
        except (ValueError, RecursionError) as error:
            fail(subject, "be text or JSON", printable(error))
        if label is None:
            fail(subject, f"name its class as one of {', '.join(LABEL_KEYS)}", printable(text))
        if not label or len(label) > MAX_NAME or not label.isprintable():
            fail(subject, f"be one line of 1 to {MAX_NAME} letters", f"'{printable(label)}'")
        return label
    fail(f"sample '{sample.name}'", "have a label", printable(list(sample.members)), CURE)


def _label_of_json(text: str) -> str | None:
    document = json.loads(text)
    if isinstance(document, dict):
        document = next((document[key] for key in LABEL_KEYS if key in document), None)
    is_label = isinstance(document, str | int) and not isinstance(document, bool)
    return str(document).strip() if is_label else None


def unpack(sample: ShardSample, folder: Path, name: str) -> Path:
    """Write the video of a sample, or its pictures, under a name of ours, and return the path.

    Pictures of an earlier sample of that name are removed: they would be frames of this one.
    """
    with tarfile.open(sample.shard, "r:") as archive:
        for suffix, member in sample.videos:
            _copy(archive, member, folder / f"{name}{suffix}")
            return folder / f"{name}{suffix}"
        paths = []
        for number, member in enumerate(sample.pictures):
            paths.append(folder / name / f"img_{number:06d}{Path(member.name).suffix.lower()}")
            _copy(archive, member, paths[-1])
    for path in set((folder / name).iterdir()).difference(paths):
        path.unlink()
    return folder / name


def _copy(archive: tarfile.TarFile, member: tarfile.TarInfo, path: Path) -> None:
    content = archive.extractfile(member)
    if content is not None:
        with content, atomic_write(path) as temporary, temporary.open("wb") as target:
            shutil.copyfileobj(content, target)


WEBDATASET = Dataset(
    name="webdataset",
    files="SOURCE is a .tar shard or a folder of them, with NAME.mp4 or NAME.0001.jpg … and NAME.cls, .txt or .json.",
    prepare=prepare_webdataset,
    options=(PrepareOption("fps", DEFAULT_PICTURE_FPS, "Pictures per second of clips that are pictures."),),
    protocols={name: by_official_list(name) for name in ("cross_subject", "split1")},
    is_custom=True,
)
