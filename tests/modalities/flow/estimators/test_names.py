import pytest

from triad.modalities.checks import InputError
from triad.modalities.flow.estimators import is_network, name_of_stream, stream_of_name
from triad.modalities.flow.estimators.names import split_short_side


@pytest.mark.parametrize(
    ("name", "stream"),
    [
        ("dis", "flow_dis"),
        ("ptlflow:pwcnet", "flow_ptlflow_pwcnet"),
        ("dis@256", "flow_dis_at256"),
        ("ptlflow:pwcnet@90", "flow_ptlflow_pwcnet_at90"),
    ],
)
def test_stream_names_are_invertible(name, stream):
    assert stream_of_name(name) == stream
    assert name_of_stream(stream) == name


def test_split_short_side():
    assert split_short_side("dis@256") == ("dis", 256)
    assert split_short_side("dis") == ("dis", None)


def test_opencv_methods_are_no_networks():
    assert not is_network("dis@256")
    assert is_network("raft_small@256")


@pytest.mark.parametrize("name", ["dis@", "dis@0", "dis@-3", "dis@2.5", "dis@256@2", "dis@999999"])
def test_invalid_short_sides_are_refused(name):
    with pytest.raises(InputError, match=rf"short side of frames in '{name}' must be pixels, as in dis@256, got '"):
        split_short_side(name)
