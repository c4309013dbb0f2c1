import numpy as np
import pytest

from triad.modalities.checks import (
    InputError,
    check_choice,
    check_file,
    check_shape,
    did_you_mean,
    fail,
    is_finite,
    printable,
    shorten,
)


def test_fail_phrases_the_error():
    with pytest.raises(InputError, match=r"^fps must be positive, got -1; re-encode the video$"):
        fail("fps", "be positive", -1, "re-encode the video")


def test_check_shape_binds_axis_names():
    assert check_shape("x", np.zeros((2, 3, 3)), ["T", "V", "V"]) == {"T": 2, "V": 3}
    with pytest.raises(InputError, match=r"x must have shape \[T=4, 3\], got \[2, 3\]"):
        check_shape("x", np.zeros((2, 3)), ["T", 3], T=4)


def test_check_choice_names_the_nearest():
    with pytest.raises(InputError, match="got 'unifrom' \\(did you mean 'uniform'\\?\\)"):
        check_choice("policy", "unifrom", ["uniform", "segments"])


def test_check_file_names_a_folder(tmp_path):
    with pytest.raises(InputError, match="which is a folder"):
        check_file("video", tmp_path, "give a file")


def test_check_file_distinguishes_missing_and_empty(tmp_path):
    (tmp_path / "empty").touch()
    with pytest.raises(InputError, match="which does not exist; make it"):
        check_file("video", tmp_path / "none", "make it")
    with pytest.raises(InputError, match="which is empty; make it"):
        check_file("video", tmp_path / "empty", "make it")


@pytest.mark.parametrize(("value", "expected"), [(1.0, True), (3e38, True), (np.nan, False), (-np.inf, False)])
def test_is_finite_despite_overflowing_squares(value, expected):
    assert is_finite(np.array([[0, value], [1, 2]], np.float32)) is expected


def test_long_lists_are_shortened():
    assert shorten("abcde") == "a, b, c, d, e"
    assert shorten("abcdefgh") == "a, b, c, d, e and 3 more"
    assert shorten(["läs\x1b[2J", "x" * 80]) == "läs\\x1b[2J, " + "x" * 60 + "…"


def test_repeated_lists_and_long_integers_are_cut():
    """A pickle of 300 bytes may repeat one list a thousand million times, and ``str`` refuses the integer."""
    deep = 1.0
    for _ in range(12):
        deep = [deep] * 6
    assert len(printable(deep)) == 101
    with pytest.raises(InputError, match=r"got \[\[\[\[...\], .*\]\]\]$") as info:
        fail("dims", "be 2 or 3", deep)
    assert len(str(info.value)) < 2500
    with pytest.raises(InputError, match="label must be a number, got a number of more than 100 digits"):
        fail("label", "be a number", 10**5000)
    assert printable([-(10**5000)]) == "[a number of more than 100 digits]"
    assert [printable(value) for value in ((3,), [], {"rgb": (1, True)}, "[é]")] == [
        "(3,)",
        "[]",
        "{'rgb': (1, True)}",
        "[\\xe9]",
    ]


def test_far_words_are_not_suggested():
    assert did_you_mean("skeletton", ["skeleton", "rgb"]) == " (did you mean 'skeleton'?)"
    assert did_you_mean("rbg", ["rgb"]) == " (did you mean 'rgb'?)"
    assert did_you_mean("drink", ["sit", "rise"]) == ""
    assert did_you_mean("pose", ["nose_up", "flow"]) == ""
