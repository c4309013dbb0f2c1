import pytest

from fusion.datasets.protocols import get_protocol, leave_one_out
from modalities.checks import InputError


def test_one_tests_the_next_validates_the_others_train():
    folds = leave_one_out("subject", ("s1", "s2", "s3"))
    sides = {name: [fold({"subject": subject}) for subject in ("s1", "s2", "s3")] for name, fold in folds.items()}
    assert sides == {
        "leave_one_out:s1": ["test", "val", "train"],
        "leave_one_out:s2": ["train", "test", "val"],
        "leave_one_out:s3": ["val", "train", "test"],
    }


def test_all_folds_at_once_are_refused_by_name():
    with pytest.raises(
        InputError,
        match=r"protocol 'leave_one_out' of florence3d must say who is left out, got all at once; one of "
        r"leave_one_out:s1, leave_one_out:s2, .*, leave_one_out:s10$",
    ):
        get_protocol("florence3d", "leave_one_out")
    with pytest.raises(InputError, match=r"got 'leave_one_out:s11' \(did you mean 'leave_one_out:s10?'\?\)"):
        get_protocol("florence3d", "leave_one_out:s11")
    with pytest.raises(
        InputError, match="protocol of jhmdb must be one of split1, split2, split3, got 'leave_one_out'"
    ):
        get_protocol("jhmdb", "leave_one_out")
