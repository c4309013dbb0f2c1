import pytest

from triad.modalities.checks import InputError
from triad.modalities.flow.estimators import ESTIMATORS, ResizedFlow, build_estimator, check_estimator_name


def test_estimator_names():
    rafts = ("raft_small", "raft_large", "raft_small_fast", "raft_large_fast")
    assert list(ESTIMATORS) == ["dis", "farneback", "tvl1", *rafts, "flownets"]
    assert check_estimator_name("ptlflow:any@90") == "ptlflow:any@90"
    with pytest.raises(InputError, match=r"flow estimator must be one of.*got 'diss'.*did you mean 'dis'"):
        check_estimator_name("diss@256")


def test_short_side_wraps_the_estimator():
    estimator = build_estimator("dis@256")
    assert isinstance(estimator, ResizedFlow)
    assert (estimator.name, estimator.short_side) == ("dis_at256", 256)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("raft_smal", {}, "did you mean 'raft_small'"),
        ("dis", {"iterations": 4}, "--iterations must be left out for 'dis'"),
        ("flownets", {"iterations": 3}, "--iterations must be left out for 'flownets'"),
        ("raft_small", {"warm_start": True}, "--warm-start must be left out for 'raft_small', which does not have it"),
        ("raft_small", {}, r"weights of raft_small must be given.*SHA-256 c7d41b9c"),
        ("raft_large", {"weights": "missing.pth"}, r"missing.pth', which does not exist.*ff5fadd5"),
    ],
)
def test_unfit_options_are_refused(name, options, message):
    with pytest.raises(InputError, match=message):
        build_estimator(name, **options)
