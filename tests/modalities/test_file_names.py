"""Names from files never lead out of a folder."""

from pathlib import Path

import pytest

from triad.modalities.checks import InputError
from triad.modalities.file_names import MAX_BYTES, check_no_link, file_stem, join_name


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", "a\\b", "a\0b", "/etc/passwd", 3, None])
def test_other_than_names_are_refused(tmp_path, name):
    with pytest.raises(InputError, match="must be a name that files can have") as error:
        join_name(tmp_path, name)
    assert str(error.value).isprintable()


@pytest.mark.parametrize("name", ["clip1", "Ärger 1", "..x", "x.tar", "x" * MAX_BYTES])
def test_names_keep_their_letters(tmp_path, name):
    assert join_name(tmp_path, name, ".npz") == tmp_path / f"{name}.npz"


def test_long_names_end_in_a_hash(tmp_path):
    first, second = (join_name(tmp_path, "ü" * 300 + end, ".npz") for end in "ab")
    assert first != second
    assert len(first.stem.encode()) <= MAX_BYTES
    first.write_bytes(b"")


def test_surrogates_are_escaped(tmp_path):
    path = join_name(tmp_path, "a\udcff", ".npz")
    assert path.name == "a%udcff.npz"
    path.write_bytes(b"")
    assert file_stem("a%udcff" + "b") != file_stem("a\udcff")


def test_links_to_elsewhere_are_refused(tmp_path):
    home, outside = tmp_path / "home", tmp_path / "outside"
    for folder in (home / "inside", outside):
        folder.mkdir(parents=True)
    (home / "flow").symlink_to(outside)
    (home / "same").symlink_to(home / "inside")
    with pytest.raises(InputError, match=r"flow' must lie in '.*home', got a link to '.*outside'; replace the link"):
        join_name(home, "flow")
    assert join_name(home, "same") == home / "same"
    check_no_link(Path("none"))
