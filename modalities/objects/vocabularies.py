"""Vocabularies: the classes of objects that a model knows, in the order of its inputs."""

from __future__ import annotations

from triad.modalities.checks import check_choice

COCO80 = (
    *("person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat", "traffic light"),
    *("fire hydrant", "stop sign", "parking meter", "bench", "bird", "cat", "dog", "horse", "sheep", "cow"),
    *("elephant", "bear", "zebra", "giraffe", "backpack", "umbrella", "handbag", "tie", "suitcase", "frisbee"),
    *("skis", "snowboard", "sports ball", "kite", "baseball bat", "baseball glove", "skateboard", "surfboard"),
    *("tennis racket", "bottle", "wine glass", "cup", "fork", "knife", "spoon", "bowl", "banana", "apple"),
    *("sandwich", "orange", "broccoli", "carrot", "hot dog", "pizza", "donut", "cake", "chair", "couch"),
    *("potted plant", "bed", "dining table", "toilet", "tv", "laptop", "mouse", "remote", "keyboard", "cell phone"),
    *("microwave", "oven", "toaster", "sink", "refrigerator", "book", "clock", "vase", "scissors", "teddy bear"),
    *("hair drier", "toothbrush"),
)
"""The 80 classes of COCO's detectors (Lin et al. 2014, Microsoft COCO), in the order of their outputs."""
HOUSEHOLD = (
    *("bottle", "wine glass", "cup", "fork", "knife", "spoon", "bowl", "banana", "apple", "sandwich", "orange"),
    *("carrot", "pizza", "donut", "cake", "chair", "couch", "bed", "dining table", "tv", "laptop", "mouse", "remote"),
    *("keyboard", "cell phone", "microwave", "oven", "toaster", "sink", "refrigerator", "book", "clock", "vase"),
    *("scissors", "hair drier", "toothbrush", "backpack", "umbrella", "handbag", "suitcase"),
)
"""COCO's classes that daily actions at home use."""
MINIHOME = ("cup", "can", "book", "tablet", "hat", "spoon", "desk", "cooker")
"""Objects of the simulated flat."""

VOCABULARIES: dict[str, tuple[str, ...]] = {"coco80": COCO80, "household": HOUSEHOLD, "minihome": MINIHOME}


def get_vocabulary(name: str) -> tuple[str, ...]:
    """Return the classes of a vocabulary.

    Raises:
        InputError: for an unknown name, naming the nearest one.
    """
    return VOCABULARIES[check_choice("vocabulary of objects", name, VOCABULARIES)]
