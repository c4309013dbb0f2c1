import numpy as np
from shared_data import needs_shared, shared_path

from triad.modalities.skeleton import get_layout

FLORENCE = shared_path("florence3d")


@needs_shared("florence3d")
def test_joint_order_fits_the_files() -> None:
    """Bones keep their length, bodies stand upright, and most people wave, drink and phone with the right hand."""
    layout = get_layout("florence15")
    variations, heights, right_handed = [], [], []
    for path in sorted(FLORENCE.glob("a0[123]_*.txt")):
        points = np.loadtxt(path).reshape(-1, 15, 3)  # [T, V, C], millimetres, y up
        bones = np.stack([np.linalg.norm(points[:, a] - points[:, b], axis=-1) for a, b in layout.bones])  # [V-1, T]
        variations.append(bones.std(1) / bones.mean(1))
        heights.append(points[..., 1].mean(0))
        reach = {side: points[:, layout.index(f"{side}_wrist"), 1].max() for side in ("left", "right")}
        right_handed.append(reach["right"] > reach["left"])
    assert np.median(variations) < 0.1
    height = dict(zip(layout.joints, np.mean(heights, 0), strict=True))
    for side in ("left", "right"):
        chain = ["head", "neck", "spine", *(f"{side}_{joint}" for joint in ("hip", "knee", "ankle"))]
        assert [height[joint] for joint in chain] == sorted((height[joint] for joint in chain), reverse=True)
    assert (sum(right_handed), len(right_handed)) == (50, 67)
