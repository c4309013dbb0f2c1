"""Misspelt and missing fields of configs are refused with the nearest right one."""

import pytest

from triad.fusion.training.config.config_checks import check_fields, check_sections, parameters_of
from triad.modalities.checks import InputError
from triad.modalities.rgb.reader import RgbReader
from triad.modalities.video_encoders import FrameSequenceEncoder, SmallR2Plus1d, Tcn

STREAM = {"reader": {"type": RgbReader, "frame_size": (4, 4)}, "num_frames": 2, "transform": {}, "encoder": {}}
DATA = {"index": "data", "protocol": "split1"}


class Base:
    def __init__(self, *, width: int) -> None: ...


class Child(Base):
    def __init__(self, *, depth: int, **kwargs: int) -> None: ...


class Open:
    def __init__(self, **kwargs: int) -> None: ...


def test_keyword_arguments_lead_to_bases():
    assert parameters_of(Child) == {"depth", "width"}
    assert parameters_of(RgbReader) == {"frame_size", "crop_mode"}
    assert parameters_of(Open) is None


def test_sections_name_misspelt_field():
    check_sections({"data": DATA, "streams": {"rgb": STREAM}})
    with pytest.raises(InputError, match=r"'streams\.rgb' must be one of .*\(did you mean 'num_frames'"):
        check_sections({"data": DATA, "streams": {"rgb": {**STREAM, "num_frame": 3}}})
    with pytest.raises(InputError, match=r"config 'data' must have 'protocol', got only index"):
        check_sections({"data": {"index": "data"}, "streams": {"rgb": STREAM}})


def test_own_classes_get_what_they_require():
    reader = {"type": RgbReader}
    with pytest.raises(InputError, match=r"'streams\.rgb\.reader' \(RgbReader\) must have 'frame_size'"):
        check_fields({"data": DATA, "streams": {"rgb": {**STREAM, "reader": reader}}})


def test_fields_from_the_class_around_are_optional():
    """The frames say how many channels a network over time reads."""
    encoder = {"type": FrameSequenceEncoder, "frames": {"type": SmallR2Plus1d}, "sequence": {"type": Tcn}}
    check_fields({"data": DATA, "streams": {"rgb": {**STREAM, "encoder": encoder}}})
    with pytest.raises(InputError, match=r"'streams\.rgb\.encoder' \(Tcn\) must have 'in_channels', got only type"):
        check_fields({"data": DATA, "streams": {"rgb": {**STREAM, "encoder": {"type": Tcn}}}})


def test_shared_streams_are_named_once():
    streams = {"rgb": {**STREAM, "reader": {"type": RgbReader, "frame_size": (4, 4), "canvas": 3}}}
    with pytest.raises(InputError, match=r"field of config 'streams\.rgb\.reader'"):
        check_fields({"model": {"streams": streams}, "data": DATA, "streams": streams})
