"""Sources of clips, found by what their names have in common: films, recordings, people, days.

Clips of one source look alike, so that they must not be on both sides of a split. Each rule knows one kind of name. How
well a rule groups the clips of a folder is measured, not assumed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

MIN_GROUPS = 4
"""Groups that a rule must find, so that half of them train."""
MIN_MATCHING = 0.8
"""Share of the names with letters that a rule must know."""
COMPARABLE_SCORE = 0.6
"""Share of the best score from which on a rule that makes fewer groups is preferred: it separates more."""
MIN_SCORE = 0.1
"""Score below which clips are better split one by one."""
SUFFICIENT_SCORE = 0.3
"""Score from which on vague rules are not asked."""
COMMON_SHARE = 1 / 3
"""Share of all clips from which on a word such as ``clip`` tells nothing about a source; half of a class too."""
HMDB_DETAILS = r"[hufl]_[cn]m_np\d+_(?:fr|ba|le|ri)_(?:goo|med|bad)(?:_\d+)?"
PERSON = re.compile(r"(?:^|[\W_])((?:s|p|subj?|subject|person|actor|user|participant)[-_]?\d{1,4})(?=[\W_]|$)", re.I)
NTU_PERSON = re.compile(r"S\d{3}C\d{3}(P\d{3})R\d{3}A\d{3}", re.I)
UCF_GROUP = re.compile(r"(.*[\W_]g\d{1,3})[\W_]c\d{1,3}", re.I)
HMDB_FILM = re.compile(rf"(.+?)_*(?:\0_+)?{HMDB_DETAILS}", re.I)
YOUTUBE_SPAN = re.compile(r"(.{11})_\d{4,6}_\d{4,6}")
DAY = re.compile(r"(?:^|(?<=\D))((?:19|20)\d\d[-_.]?(?:0[1-9]|1[0-2])[-_.]?(?:0[1-9]|[12]\d|3[01]))(?=\D|\d{6}|$)")
GOPRO = re.compile(r"G[HXP](?:\d\d|[A-Z]{2})?(\d{4})(?=\D|$)")
CAMERA = re.compile(
    r"[\W_]+(?:(?:cam|camera|view|kinect|c|v)[-_]?\d{1,3}|left|right|front|back|side|top|rgb|colou?r|depth|ir)(?=[\W_]|$)",
    re.I,
)
NUMBER_AT_END = re.compile(
    r"[\W_]*(?:(?:clip|part|take|rep|trial|no|nr|copy|segment|seg|r|e|t)[\W_]?)?\d+[\W_]*$", re.I
)


class Rule(NamedTuple):
    """Rule that finds the source in a name.

    Attributes:
        meaning: what it takes for a source, for a message.
        find: function from a name of :func:`without_class` to the source; None if it has none.
        is_vague: whether it counts only where no other rule groups well.
    """

    meaning: str
    find: Callable[[str], str | None]
    is_vague: bool = False

    def source_of(self, stem: str, class_name: str) -> str | None:
        """Return the source in the name of a clip, without ending; None if the rule finds none."""
        source_name = self.find(without_class(stem, class_name))
        return source_name.replace("\0", "").strip(" _-.").casefold() or None if source_name is not None else None


def without_class(stem: str, class_name: str) -> str:
    r"""Return a name in which ``\0`` stands for its class, where it has it; upper case and spaces may differ."""
    pattern = _class_pattern(class_name)
    matches = list(pattern.finditer(stem)) if pattern is not None else []
    if not matches:
        return stem
    return f"{stem[: matches[-1].start()]}\0{stem[matches[-1].end() :]}"


def find_rule(stems: Sequence[str], classes: Sequence[str], min_groups_of_class: int) -> Rule | None:
    """Return the rule that groups best, or None if no rule groups well enough to split by it.

    A rule's score is the share of the clips that have company in their group, times the probability that two clips are
    of different groups: of one group a clip, and of one group of all, it is 0. Among rules of a comparable score the
    one with the fewest groups counts.

    Args:
        stems: names of the clips, without folders and endings.
        classes: class of each clip.
        min_groups_of_class: number of groups that most classes need.
    """
    names = [without_class(stem, class_name) for stem, class_name in zip(stems, classes, strict=True)]
    telling_names = [name for name in names if re.search(r"[^\W\d_]", name)]  # a number alone is of no source
    candidates: list[tuple[float, int, Rule]] = []
    for rule in RULES:
        if rule.is_vague and any(score >= SUFFICIENT_SCORE for score, _, _ in candidates):
            break
        if sum(rule.find(name) is not None for name in telling_names) < MIN_MATCHING * len(telling_names):
            continue
        groups = [
            rule.source_of(stem, class_name) or f"clip {row}"
            for row, (stem, class_name) in enumerate(zip(stems, classes, strict=True))
        ]
        if not _has_enough_groups(groups, classes, min_groups_of_class):
            continue
        sizes = Counter(groups)
        in_company = sum(size for size in sizes.values() if size > 1) / len(groups)
        diversity = 1 - sum((size / len(groups)) ** 2 for size in sizes.values())
        candidates.append((in_company * diversity, len(sizes), rule))
    best_score = max((score for score, _, _ in candidates), default=0.0)
    if best_score < MIN_SCORE:
        return None
    comparable = [candidate for candidate in candidates if candidate[0] >= COMPARABLE_SCORE * best_score]
    return min(comparable, key=lambda candidate: candidate[1])[2]


def similar_names(stems: Sequence[str], classes: Sequence[str], sides: Sequence[bool]) -> list[tuple[str, str]]:
    """Return pairs of names that look as if they were of one source, one pair for each clip of the second side.

    Args:
        stems: names of the clips, without folders and endings.
        classes: class of each clip.
        sides: whether a clip is on the second side, that of the test.

    Returns:
        pairs of the name on the second side and one on the first that a rule gives the same source.
    """
    names = [without_class(stem, class_name) for stem, class_name in zip(stems, classes, strict=True)]
    class_sizes = Counter(classes)
    similar: dict[int, str] = {}
    for rule in (rule for rule in RULES if not rule.is_vague):
        source_names = [rule.find(name) for name in names]
        counts = Counter(source_names)
        counts_in_class = Counter(zip(source_names, classes, strict=True))
        common = {source_name for source_name, count in counts.items() if count > max(2, COMMON_SHARE * len(names))}
        common |= {
            source_name
            for (source_name, name), count in counts_in_class.items()
            if count > max(2, class_sizes[name] / 2)
        }
        other_side: dict[str, str] = {}
        for source_name, stem, side in zip(source_names, stems, sides, strict=True):
            if source_name is not None and source_name not in common and not side:
                other_side.setdefault(source_name, stem)
        for row, source_name in enumerate(source_names):
            if source_name is not None and sides[row] and source_name in other_side:
                similar.setdefault(row, other_side[source_name])
    return [(stems[row], similar[row]) for row in sorted(similar)]


def _has_enough_groups(groups: Sequence[str], classes: Sequence[str], min_groups: int) -> bool:
    """Return whether there are enough groups in all, and in most of the classes that have as many clips."""
    groups_of: dict[str, set[str]] = defaultdict(set)
    for group, class_name in zip(groups, classes, strict=True):
        groups_of[class_name].add(group)
    sizes = Counter(classes)
    large = [name for name in groups_of if sizes[name] >= min_groups]
    num_enough = sum(len(groups_of[name]) >= min_groups for name in large)
    return len(set(groups)) >= MIN_GROUPS and 2 * num_enough >= len(large)


@lru_cache(maxsize=4096)
def _class_pattern(class_name: str) -> re.Pattern[str] | None:
    words = re.findall(r"[^\W_]+", class_name)
    if not words:
        return None
    spelled = r"[\W_]*".join(map(re.escape, words))
    return re.compile(rf"(?:^|(?<=[\W_])){spelled}(?=[\W_\d]|$)", re.IGNORECASE)


def _first_group(pattern: re.Pattern[str], *, whole: bool = False) -> Callable[[str], str | None]:
    """Return a function that finds the first group of a pattern in a name."""

    def find(name: str) -> str | None:
        match = pattern.fullmatch(name) if whole else pattern.search(name)
        return match[1] if match else None

    return find


def _strip(pattern: re.Pattern[str]) -> Callable[[str], str | None]:
    """Return a function that takes a pattern out of a name; it finds None where there is none, or no word left."""

    def find(name: str) -> str | None:
        remaining_name = pattern.sub("", name)
        return (
            remaining_name
            if remaining_name != name and re.search(r"[^\W\d_]|\d{3}", remaining_name.replace("\0", ""))
            else None
        )

    return find


def _recording_of_camera(name: str) -> str | None:
    """Return a name without its camera and what follows it, as ``kitchen3_cam1_002`` becomes ``kitchen3``."""
    match = CAMERA.search(name)
    return name[: match.start()] if match and re.search(r"[^\W_]", name[: match.start()].replace("\0", "")) else None


def _first_words(number: int) -> Callable[[str], str | None]:
    """Return a function that takes that many words of a name; None for a name without more."""

    def find(name: str) -> str | None:
        words = re.findall(r"[^\W_]+", name.replace("\0", ""))
        return " ".join(words[:number]) if len(words) > number and re.search(r"[^\W\d_]", words[number - 1]) else None

    return find


RULES = (
    Rule("the person", _first_group(PERSON)),
    Rule("the performer of an NTU name", _first_group(NTU_PERSON, whole=True)),
    Rule("the group of a UCF101 name", _first_group(UCF_GROUP, whole=True)),
    Rule("the film of an HMDB51 name", _first_group(HMDB_FILM, whole=True)),
    Rule("the YouTube id", _first_group(YOUTUBE_SPAN, whole=True)),
    Rule("the day of the recording", _first_group(DAY)),
    Rule("the recording of a GoPro's chapters", _first_group(GOPRO)),
    Rule("the name before the camera", _recording_of_camera),
    Rule("the name without its number at the end", _strip(NUMBER_AT_END)),
    Rule("the first word", _first_words(1), is_vague=True),
    Rule("the first two words", _first_words(2), is_vague=True),
)
"""Rules, those that know most about a name first."""
