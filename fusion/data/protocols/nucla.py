"""Northwestern-UCLA: a camera, or people, new to the model.

``cross_view`` is what skeleton networks report: cameras 1 and 2 train, camera 3 tests; ours validates on camera 2 and
refits on both. ``cross_subject`` is the rule of Wang et al. 2014: nine people train and one tests. They do not say who,
so their figure is the mean over ``leave_one_out:<subject>``, and ``cross_subject`` alone is its last fold.
"""

from fusion.data.protocols.rules import by_field, leave_one_out

SUBJECTS = tuple(f"s{number:02d}" for number in range(1, 11))

PROTOCOLS = {
    "cross_view": by_field("camera", val={"v02"}, test={"v03"}),
    "cross_subject": by_field("subject", val={"s01"}, test={"s10"}),
    **leave_one_out("subject", SUBJECTS),
}
PUBLISHED = {"cross_view": {"train+val": 1020, "test": 464}}
