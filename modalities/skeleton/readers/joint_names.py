"""Names of joints as other programs spell them, brought to those of the layouts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from triad.modalities.skeleton.layouts import LAYOUTS, Layout, get_layout

ALIASES = {
    **{"hips": "pelvis", "hip": "pelvis", "root": "pelvis", "mid_hips": "mid_hip", "mid_shoulder": "thorax"},
    **{"spine_naval": "spine_navel", "spinebase": "spine_base", "spinemid": "spine_mid"},
    **{"spineshoulder": "spine_shoulder", "hipcenter": "hip_center", "shouldercenter": "shoulder_center"},
}
SIDES = {"l": "left", "r": "right", "left": "left", "right": "right"}
SPELLINGS = {
    **{"handtip": "hand_tip", "bigtoe": "big_toe", "smalltoe": "small_toe", "footindex": "foot_index"},
    **{"sho": "shoulder", "elb": "elbow", "wri": "wrist", "kne": "knee", "ank": "ankle", "eyeinner": "eye_inner"},
    **{"eyeouter": "eye_outer", "mouthcorner": "mouth"},
}


def plain_name(name: str) -> str:
    """Return the name of a joint in lower case, its words joined by ``_``, the side first.

    ``WRIST_LEFT``, ``LeftWrist``, ``left wrist``, ``l_wrist`` and ``LWrist`` become ``left_wrist``.
    """
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name.strip())
    words = re.sub(r"^([LR])([A-Z][a-z])", r"\1_\2", words)
    lower_words = [word for word in re.split(r"[^0-9A-Za-z]+", words.lower()) if word]
    side = next(
        (word for word in (*lower_words[:1], *lower_words[-1:]) if word in SIDES and len(lower_words) > 1), None
    )
    if side is not None:
        lower_words.remove(side)
    text = "_".join(lower_words)
    text = SPELLINGS.get(text.replace("_", ""), text)
    if side is not None:
        return f"{SIDES[side]}_{text}"
    return ALIASES.get(text, text)


def find_layout(names: Sequence[str], dims: int) -> Layout | None:
    """Return the smallest built-in layout, in so many dimensions, that has all these joints; None if none has."""
    fitting = [layout for layout in LAYOUTS.values() if set(names) <= set(layout.joints)]
    if not fitting:
        return None
    layout = min(fitting, key=lambda layout: layout.num_joints)
    return layout if layout.dims == dims else get_layout(f"{layout.name}_{dims}d")
