"""Layout of a folder of clips: which folder level names the class, and which one the split."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple, NoReturn
from unicodedata import normalize

from triad.modalities.checks import fail

SPLIT_NAMES = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("val", "valid", "validate", "validation", "dev"), "val"),
    **dict.fromkeys(("test", "testing"), "test"),
}
"""Usual names of the splits."""
LAYOUTS = ("class", "split/class", "class/split", "source/class")
"""Levels of folders, from the top one on. ``source`` is a person or a recording."""
SPLIT_FOLDER = re.compile(r"(?:(?:videos?|clips|rawframes|frames|images?)[ _-])?(\w+?)(?:[ _-]?(?:videos|clips|set))?")
"""Names of folders of a split, as ``videos_train`` and ``Training set``."""


class ClipPlace(NamedTuple):
    """Meaning of the folders of a clip.

    Attributes:
        class_name: name of the class.
        split: ``train``, ``val`` or ``test``; None where no folder says.
        subject: person or recording; None where the layout has no such level.
    """

    class_name: str
    split: str | None = None
    subject: str | None = None


def split_of_folder(name: str) -> str | None:
    """Return the split that a folder is named after, or None; case and words such as ``videos_`` are ignored."""
    match = SPLIT_FOLDER.fullmatch(name.strip().lower())
    return SPLIT_NAMES.get(match[1]) if match else None


def place_clip(folders: Sequence[str], layout: str) -> ClipPlace | None:
    """Return the meaning of the folders above a clip, the top one first; None if they are too few.

    Raises:
        InputError: If the folder of the split has the name of none.
    """
    levels = layout.split("/")
    if len(folders) < len(levels):
        return None
    names = {level: normalize("NFC", folder) for level, folder in zip(levels, folders, strict=False)}
    split = None
    if "split" in names and (split := split_of_folder(names["split"])) is None:
        fail("folder", f"be named after a split, as the layout {layout} says", f"'{names['split']}'")
    return ClipPlace(names["class"], split, names.get("source"))


def find_layout(clips: Iterable[Sequence[str]], source: str) -> str:
    """Return the layout of a folder, one of :data:`LAYOUTS`.

    Args:
        clips: folders above each clip, the top one first; none for a clip at the top.
        source: name of the folder, for the message.

    Raises:
        InputError: naming the possible layouts, if the names of the folders allow several.
    """
    placed_clips = [tuple(folders) for folders in clips if folders]
    top_names = {folders[0] for folders in placed_clips}
    second_names = {folders[1] for folders in placed_clips if len(folders) > 1}
    split_tops = {name for name in top_names if split_of_folder(name)}
    split_seconds = {name for name in second_names if split_of_folder(name)}
    if not split_tops and len(top_names) == 1 and (split_seconds or len(second_names) > 1):
        _refuse_single_top(next(iter(top_names)), second_names, source)
    if not split_tops and not split_seconds:
        return "class"
    if split_tops == top_names and second_names and not split_seconds:
        if not _is_class_shared(placed_clips):
            first, second = sorted(top_names)[:2]
            _refuse(source, f"'{first}' and '{second}' hold no class both", "class", "split/class")
        return "split/class"
    if split_seconds == second_names and not split_tops and all(len(folders) > 1 for folders in placed_clips):
        return "class/split"
    if len(split_tops) == 1 and len(top_names) > 1 and not second_names:
        return "class"  # a class such as "train", for no other split is named
    if split_tops == top_names and not second_names:
        _refuse(source, f"no class folders in {_quoted(top_names)}", "class", "split/class")
    if split_tops and split_seconds:
        _refuse(source, f"splits on two levels, {_quoted({*split_tops, *split_seconds})}", *LAYOUTS[:3])
    if split_tops:
        mixed_names = f"{_quoted(split_tops)} beside {_quoted(top_names - split_tops)}"
        _refuse(source, mixed_names, "class", "split/class")
    unsplit = {folders[0] for folders in placed_clips if len(folders) < 2 or not split_of_folder(folders[1])}
    reason = f"{_quoted(split_seconds)} in some classes, but {_quoted(unsplit)} with clips in no split"
    _refuse(source, reason, "class", "class/split")


def _is_class_shared(placed_clips: Sequence[Sequence[str]]) -> bool:
    """Return whether some class folder is in two top folders; True for a single top folder."""
    pairs = {(folders[0], folders[1].casefold()) for folders in placed_clips if len(folders) > 1}
    num_tops = len({top for top, _ in pairs})
    return num_tops < 2 or max(Counter(name for _, name in pairs).values()) > 1


def _refuse_single_top(top: str, second_names: set[str], source: str) -> NoReturn:
    inner = f"give '{source.rstrip('/')}/{top}' if {_quoted(second_names)} are the classes or splits"
    got = f"one folder, {_quoted([top])}"
    fail(f"'{source}'", "hold a folder for each class", got, f"{inner}, or say --layout class if it is the one class")


def _refuse(source: str, reason: str, *layouts: str) -> NoReturn:
    meanings = {
        "class": "its folders are the classes: --layout class",
        "split/class": "its folders are splits of classes: --layout split/class",
        "class/split": "its folders are classes of splits: --layout class/split",
    }
    fail(f"'{source}'", "have one meaning", reason, "; or ".join(meanings[layout] for layout in layouts))


def _quoted(names: Iterable[str], longest: int = 4) -> str:
    ordered = [re.sub(r"[\x00-\x1f\x7f-\x9f]", "?", name) for name in sorted(names)]
    more = f" and {len(ordered) - longest} more" if len(ordered) > longest else ""
    return ", ".join(f"'{name}'" for name in ordered[:longest]) + more
