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


@pytest.mark.parametrize("name", ["bvh", "csv", "ntu", "openpose"])
def test_text_may_begin_with_a_mark(name: str, tmp_path: Path) -> None:
    plain = READERS[name][1][0]
    clips = []
    for content in (plain, b"\xef\xbb\xbf" + plain):
        (tmp_path / "clip").write_bytes(content)
        clips.append(read_skeleton(tmp_path / "clip").poses.keypoints)
    assert (clips[0] == clips[1]).all()


def test_every_format_is_fuzzed() -> None:
    assert set(FORMATS) <= set(READERS)


def test_unknown_file_lists_formats(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("bought milk\n")
    with pytest.raises(InputError, match=r"known format \(openpose, .*\), got one that begins with 'bought milk"):
        read_skeleton(tmp_path / "notes.txt")
    (tmp_path / "clip.csv").write_bytes(b"\0\0\0\x20ftypisom" + bytes(100))
    with pytest.raises(InputError, match=r"got a video \(MP4\); see README"):
        read_skeleton(tmp_path / "clip.csv")
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
