"""Sources are found by the common parts of names of many kinds; names that tell nothing have none."""

from __future__ import annotations

import pytest

from triad.fusion.datasets.custom.source_names import find_rule, similar_names, without_class

CLASSES = ("drink", "brush_hair")
SPELLED = {"drink": "drink", "brush_hair": "BrushHair"}
DETAILS = ("u_nm_np1_ba_goo", "f_cm_np2_le_bad")


def make_names(pattern: str, sources: range = range(10, 18), clips: range = range(3)) -> tuple[list[str], list[str]]:
    """Return names and classes: eight sources of three clips of each class."""
    keys = [(name, source, clip) for name in CLASSES for source in sources for clip in clips]
    names = [
        pattern.format(c=name, spelled=SPELLED[name], s=source, n=clip, details=DETAILS[clip % 2])
        for name, source, clip in keys
    ]
    return names, [name for name, _, _ in keys]


@pytest.mark.parametrize(
    ("pattern", "meaning", "source"),
    [
        ("v_{spelled}_g{s}_c{n:02d}", "the group of a UCF101 name", "v__g10"),
        ("Film_{s}x_{c}_{details}_{n}", "the film of an HMDB51 name", "film_10x"),
        ("{c}_s{s}_e{n}_v01", "the person", "s10"),
        ("person{s}_{c}_d{n}_uncomp", "the person", "person10"),
        ("S001C001P0{s}R00{n}A001", "the performer of an NTU name", "p010"),
        ("abc-_efgh{s}_00{n}000_00{n}010", "the YouTube id", "abc-_efgh10"),
        ("VID_202401{s}_14{n:02d}33", "the day of the recording", "20240110"),
        ("PXL_202401{s}_1422330{n:02d}", "the day of the recording", "20240110"),
        ("202401{s}_14{n:02d}33({n})", "the day of the recording", "20240110"),
        ("WhatsApp Video 2024-01-{s} at 14.22.{n:02d}", "the day of the recording", "2024-01-10"),
        ("GH{n:02d}00{s}", "the recording of a GoPro's chapters", "0010"),
        ("rec{s}_cam{n}", "the name before the camera", "rec10"),
        ("kitchen {s}x part {n}", "the name without its number at the end", "kitchen 10x"),
        ("IMG_10{s}_{n}", "the name without its number at the end", "img_1010"),
        ("{c}_anna{s}x-take{n}", "the name without its number at the end", "anna10x"),
        ("a{s}b morning light", "the first word", "a10b"),
    ],
)
def test_names_of_many_kinds(pattern, meaning, source):
    names, classes = make_names(pattern)
    rule = find_rule(names, classes, 3)
    assert rule is not None
    assert rule.meaning == meaning
    sources = [rule.source_of(name, class_name) for name, class_name in zip(names, classes, strict=True)]
    assert sources[0] == source
    assert len(set(sources)) == 8
    assert sources[:24] == sources[24:]  # classes share sources


@pytest.mark.parametrize("pattern", ["{n}", "{c} ({n})", "clip {n}", "IMG_{n:04d}", "VID_20240103_14{n:02d}33"])
def test_names_that_tell_nothing(pattern):
    names, classes = make_names(pattern, sources=range(1), clips=range(20))
    assert find_rule(names, classes, 3) is None


def test_too_few_sources():
    names, classes = make_names("kitchen {s}x part {n}", sources=range(3), clips=range(9))
    assert find_rule(names, classes, 3) is None


def test_class_in_name():
    assert without_class("anna_BrushHair_2", "brush_hair") == "anna_\0_2"
    assert without_class("Wave_my_hands_wave_u", "wave") == "Wave_my_hands_\0_u"
    assert without_class("drinking", "drink") == "drinking"
    assert without_class("x_1", "()") == "x_1"


def test_similar_names_across_sides():
    names = ["film a 1", "film a 2", "film b 1", "other 1", "other 2", "clip 7", "x", "y", "z"]
    sides = [False, True, True, True, True, False, True, False, True]
    assert similar_names(names, ["c"] * 9, sides) == [("film a 2", "film a 1")]
    assert similar_names([f"clip {n}" for n in range(9)], ["c"] * 9, sides) == []  # all are named so
