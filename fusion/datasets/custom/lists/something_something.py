"""Something-Something: Goyal et al. 2017, its JSON lists ``[{"id", "label", "template", "placeholders"}]``.

The class is the template without brackets, ``Holding something next to something``; a video is ``<id>.webm`` or a
folder of pictures.
"""

from __future__ import annotations

from collections.abc import Mapping

from triad.fusion.datasets.custom.lists.list_format import ListFormat, VideoFiles, find_video
from triad.modalities.checks import fail


def convert_something(values: Mapping[str, str], videos: VideoFiles) -> dict[str, str]:
    """Return the row of a table.

    Raises:
        InputError: If the row has no template, or there is no such video.
    """
    template = values.get("template", "").replace("[", "").replace("]", "").strip()
    if not template:
        fail("template", "have a value", "none", "the list of the test has no classes: leave it out")
    split = {"split": values["split"]} if values.get("split") else {}
    return {"path": find_video(videos, values.get("id", "").strip()), "label": template, **split}


SOMETHING_SOMETHING = ListFormat(
    name="Something-Something",
    form='[{"id", "label", "template", "placeholders"}]',
    columns=frozenset({"id", "template"}),
    convert=convert_something,
)
