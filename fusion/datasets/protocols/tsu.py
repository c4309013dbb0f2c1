"""Toyota Smarthome Untrimmed: Dai et al. 2022, Toyota Smarthome Untrimmed.

Sides follow from the subject and the camera in the name of a video, and agree with the subsets that the authors'
annotations name. They define no validation: subjects 19 and 25 validate, as in Toyota Smarthome; and camera 06, because
it is the one whose loss leaves at least 14 training instances of every class and which shows most classes (45 of 51).
"""

from fusion.datasets.protocols.rules import by_field

PROTOCOLS = {
    "cross_subject": by_field(
        "subject",
        train={f"P{number}" for number in ("03", "04", "06", "07", "09", "12", "13", "15", "17")},
        val={"P19", "P25"},
        test={f"P{number}" for number in ("02", "10", "11", "14", "16", "18", "20")},
    ),
    "cross_view": by_field("camera", train={"C01", "C03", "C04", "C07"}, val={"C06"}, test={"C02", "C05"}),
}
PUBLISHED = {
    "cross_subject": {"train+val": 26948, "test": 14333},
    "cross_view": {"train+val": 27743, "test": 13538},
}
"""Instances of every side in the authors' annotations: 41,288 without seven that end with the frame they begin with."""
PUBLISHED_VIDEOS = {"cross_subject": {"train+val": 351, "test": 185}, "cross_view": {"train+val": 369, "test": 167}}
