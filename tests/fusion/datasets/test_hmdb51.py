"""HMDB51 from a tiny tree in its own format: three lists a class, unused clips, names without a source video."""

from __future__ import annotations

import pytest
from dataset_files import digest, write_clip

from triad.fusion.datasets import get_protocol
from triad.fusion.datasets.hmdb51 import prepare_hmdb51, source_video_of
from triad.fusion.index import load_index
from triad.modalities.checks import InputError

WAVE = "#20_film_wave_f_cm_np1_ba_med_0"
BRUSH = "Brushing_brush_hair_brush_hair_u_cm_np2_ba_med_12"
ODD = "my holiday_3"
GONE = "film_wave_f_cm_np1_ba_med_7"


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    lists = folder / "testTrainMulti_7030_splits"
    lists.mkdir(parents=True)
    for split, codes in enumerate(("120", "210", "001"), 1):
        rows = [f"{name}.avi {code} \n" for name, code in zip((WAVE, ODD, GONE), codes, strict=True)]
        (lists / f"wave_test_split{split}.txt").write_text("".join(rows))
        (lists / f"brush_hair_test_split{split}.txt").write_text(f"{BRUSH}.avi 1\n")
    for name, label in ((WAVE, "wave"), (ODD, "wave"), (BRUSH, "brush_hair")):
        write_clip(folder / f"hmdb51_org/{label}/{name}.avi", frames=5, fps=30)
    return folder


def test_prepared_and_dropped_clips(source, tmp_path):
    write_clip(source / "hmdb51_org/wave/new.avi", frames=5, fps=30)
    report = prepare_hmdb51(source, tmp_path / "out")
    index = load_index(tmp_path / "out")
    assert index.classes == ["brush_hair", "wave"]
    by_id = {record["id"]: record for record in index.records}
    assert set(by_id) == {WAVE, ODD, BRUSH}
    assert (by_id[WAVE]["label"], by_id[WAVE]["source_video"]) == (1, "#20_film")
    assert (by_id[BRUSH]["label"], by_id[BRUSH]["source_video"]) == (0, "Brushing_brush_hair")
    assert by_id[ODD]["source_video"] == "my holiday"
    assert by_id[WAVE]["official"] == {"split1": "train", "split2": "test"}  # 0: unused
    assert [get_protocol("hmdb51", f"split{split}")(by_id[ODD]) for split in (1, 3)] == ["test", None]
    assert [row["id"] for row in report["dropped"]] == [GONE, "new"]
    before = digest(tmp_path / "out")
    prepare_hmdb51(source, tmp_path / "out")
    assert digest(tmp_path / "out") == before


def test_source_video_precedes_class():
    assert source_video_of("a_wave_b_wave_h_nm_np1_fr_goo_3", "wave") == "a_wave_b"
    assert source_video_of("a_run_h_nm_np1_fr_goo_3", "wave") is None
    assert source_video_of("a_wave_x_nm_np1_fr_goo_3", "wave") is None


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("wave_test_split3.txt", None, "official list must be a file, got '.*wave_test_split3.txt', which does not"),
        ("wave_test_split2.txt", "a.avi 3\n", r"line 1 of '.*' must be '<clip>.avi \{0\|1\|2\}', got 'a.avi 3'"),
        ("wave_test_split2.txt", "a.avi\n", r"line 1 of '.*' must be '<clip>.avi \{0\|1\|2\}', got 'a.avi'"),
    ],
)
def test_invalid_lists_are_refused(source, tmp_path, file, content, message):
    path = source / "testTrainMulti_7030_splits" / file
    if content is None:
        path.unlink()
    else:
        path.write_text(content)
    with pytest.raises(InputError, match=message):
        prepare_hmdb51(source, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_folder_without_lists_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"HMDB51 folder must hold the official lists .*, got '.*'; give the folder"):
        prepare_hmdb51(tmp_path, tmp_path / "out")
