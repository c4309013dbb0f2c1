import pytest

from triad.modalities.checks import InputError
from triad.modalities.skeleton.readers.text_lines import TextLines


def test_blank_lines_are_skipped() -> None:
    lines = TextLines("a.txt", b"\n 3 \r\n\n1.5 nan -inf\n  \n")
    assert lines.read_integer("a count") == 3
    assert str(lines.read_numbers("values", 3)) == "[1.5, nan, -inf]"
    assert lines.at_end


@pytest.mark.parametrize("text", ["-1.#IND00", "1.#QNAN", "1.#INF", "nan(ind)"])
def test_windows_nan_is_a_number(text: str) -> None:
    assert str(TextLines("a.txt", text.encode()).read_numbers("values", 1)) == "[nan]"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"\n1 2", r"'a\.txt' line 2 must hold values, 3 numbers, got 2 fields"),
        (b"1 2 x", "line 1 must hold values in numbers, got 'x'"),
        (b"1 2 " + b"3" * 500, "line 1 must hold values, got 504 characters"),
        (b"\n\n", "line 3 must hold values, got the end of the file"),
    ],
)
def test_other_lines_are_named(text: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        TextLines("a.txt", text).read_numbers("values", 3)


def test_first_field_must_be_an_integer() -> None:
    assert TextLines("a.txt", b"7 x").read_integer("an id", num_fields=2) == 7
    with pytest.raises(InputError, match=r"line 1 must hold an id, an integer, got '1\.5'"):
        TextLines("a.txt", b"1.5").read_integer("an id")
