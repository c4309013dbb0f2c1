"""Every format is recognised by what it holds, and the README's table is that of the registry."""

from pathlib import Path
from zipfile import ZipFile

import pytest
import torch
from skeleton_readers import READERS

from triad.modalities.checks import InputError
from triad.modalities.skeleton.readers import FORMATS, find_format, formats_table, read_skeleton

README = Path(__file__).parents[4] / "README.md"


def test_readme_has_the_table_of_the_registry() -> None:
    text = README.read_text("utf-8").partition("<!-- triad prepare --formats writes from here -->\n\n")[2]
    assert text.partition("\n\n<!-- to here -->")[0] == formats_table()


@pytest.mark.parametrize("name", [name for name in READERS if name in FORMATS and name not in ("utd", "stgcn")])
def test_formats_are_recognised_without_suffix(name: str, tmp_path: Path) -> None:
    for seed in READERS[name][1]:
        (tmp_path / "clip").write_bytes(seed)
        assert find_format(tmp_path / "clip").name == name


def test_every_format_is_fuzzed() -> None:
    assert set(FORMATS) <= set(READERS)


def test_unknown_file_lists_formats(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("bought milk\n")
    with pytest.raises(InputError, match=r"known format \(openpose, .*\), got one that begins with 'bought milk"):
        read_skeleton(tmp_path / "notes.txt")
    with pytest.raises(InputError, match="got a folder of other files"):
        read_skeleton(tmp_path)
    with pytest.raises(InputError, match=r"skeleton file must be a file, got .* does not exist"):
        read_skeleton(tmp_path / "gone.bvh")
    with pytest.raises(InputError, match=r"format of a skeleton file must be one of .*did you mean 'openpose'"):
        read_skeleton(tmp_path / "notes.txt", format_name="openpos")


def test_other_zip_files_hold_no_skeletons(tmp_path: Path) -> None:
    torch.save({"keypoints": torch.ones(2)}, tmp_path / "model.pth")
    with ZipFile(tmp_path / "clips.zip", "w") as archive:
        archive.writestr("walk.mp4", b"frames")
    for name in ("model.pth", "clips.zip"):
        with pytest.raises(InputError, match="must be a skeleton file of a known format"):
            find_format(tmp_path / name)
