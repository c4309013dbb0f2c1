import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.skeleton.readers.json_cursor import MAX_NUMBERS, JsonCursor


def open_text(text: str) -> JsonCursor:
    return JsonCursor("a.json", text.encode())


def test_values_are_read_in_their_order() -> None:
    cursor = open_text('{"a": [[1, 2.5], [-3e1, null]], "b": {"c": [[{}]]}, "d": [7, 8, 9], "e": 5}')
    values = {}
    for key in cursor.keys("a document"):
        if key == "a":
            values["a"] = cursor.read_array("a", 2, 2).tolist()
        elif key == "d":
            values["d"] = cursor.read_numbers("d").tolist()
        elif key == "e":
            values["e"] = cursor.read_number("e")
        else:
            cursor.skip()
    cursor.read_end()
    assert str(values) == "{'a': [[1.0, 2.5], [-30.0, nan]], 'd': [7.0, 8.0, 9.0], 'e': 5.0}"


def test_items_of_an_array_are_counted() -> None:
    cursor = open_text('[1, "two", [], {"a": [3]}]')
    indices = []
    for index in cursor.items("a list"):
        indices.append(index)
        cursor.skip()
    cursor.read_end()
    assert indices == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("NaN", np.nan),
        ("-Infinity", np.nan),
        ("null", np.nan),
        ("1e999", np.inf),
        ("1e39", np.inf),
        ("1" + "0" * 400, np.inf),
        ("1" + "0" * 25, np.float32(1e25)),
        ("0.1234567890123456789012345", np.float32(0.12345679)),
    ],
)
def test_numbers_of_any_size_are_read(text: str, number: float) -> None:
    cursor = open_text(f"[0.5, {text}]")
    np.testing.assert_array_equal(cursor.read_array("numbers", 2), np.float32([0.5, number]))


def test_missing_number_beside_a_huge_one() -> None:
    cursor = open_text(f"[null, 1{'0' * 400}]")
    np.testing.assert_array_equal(cursor.read_numbers("numbers"), [np.nan, np.inf])


def test_single_numbers_keep_their_precision() -> None:
    cursor = open_text("[36000033333, 1e39, null]")
    assert str([cursor.read_number("time") for _ in cursor.items("times")]) == "[36000033333.0, inf, nan]"


def test_byte_order_mark_is_skipped() -> None:
    assert JsonCursor("a.json", b"\xef\xbb\xbf[1]").read_numbers("numbers").tolist() == [1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[1, 2, 3]", r"'a\.json' must hold numbers, numbers \[2\], got 3"),
        ("[1]", r"must hold numbers, numbers \[2\], got '\]'"),
        ("[1, [2]]", r"got '\['"),
        ('[1, "2"]', "got '2'"),
        ("[1, true]", "got True"),
        ('{"a": 1}', "got '{'"),
        ("[1, 2", "must be JSON, got parse error: premature EOF"),
        ("[1 2]", r"must be JSON, got parse error: after array element, .* \[1 2\]; check that"),
        ("[1, \x00]", "must be JSON, got lexical error"),
    ],
)
def test_other_values_are_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as info:
        open_text(text).read_array("numbers", 2)
    assert len(str(info.value).splitlines()) == 1


def test_endless_array_is_refused() -> None:
    cursor = open_text(f"[{'1,' * MAX_NUMBERS}1]")
    with pytest.raises(InputError, match="must hold numbers, at most 10000 numbers, got more"):
        cursor.read_numbers("numbers")


def test_text_after_the_document_is_refused() -> None:
    cursor = open_text("[] 2")
    cursor.skip()
    with pytest.raises(InputError, match="must be JSON, got parse error: trailing garbage"):
        cursor.read_end()
