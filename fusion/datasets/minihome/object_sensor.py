"""Simulated detector of objects: the boxes that it would measure, from the true outlines.

Edges of boxes are jittered by :data:`JITTER` pixels, half of the variance slow. Objects are missed, and twins (cup and
can, book and tablet) are taken for each other, for a few frames at a time; now and then something is seen where nothing
is.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from triad.fusion.datasets.minihome.cameras import HEIGHT, WIDTH
from triad.fusion.datasets.minihome.clip_spec import ClipSpec
from triad.fusion.datasets.minihome.painter import OVERSAMPLING
from triad.fusion.datasets.minihome.render import Scene, StaticLayer
from triad.fusion.datasets.minihome.sensor import autoregressive_noise
from triad.fusion.datasets.minihome.shapes import Shape

OBJECT_CLASSES = ("cup", "can", "book", "tablet", "hat", "spoon", "desk", "cooker")
"""Names of the classes, the vocabulary ``minihome`` of :mod:`triad.modalities.objects`."""
MAX_OBJECTS = 4
JITTER = 1.2  # pixels
MISSED_SHARE = 0.15
CONFUSED_SHARE = 0.15  # share of the time for which a twin is taken for the other
FALSE_SHARE = 0.08  # share of the frames in which something is seen that is not there
MIN_SIDE = 3.0  # pixels
TWINS = {"cup": "can", "can": "cup", "book": "tablet", "tablet": "book"}

_PROPS = {"drink": ("cup", "can"), "look": ("book", "tablet"), "hat": ("hat", "hat"), "pot": ("spoon", "spoon")}
_FURNITURE = {"keyboard": "desk", "pot": "cooker"}
_HELD = ("prop", "spoon")  # components


def true_boxes(clip: ClipSpec, scene: Scene) -> dict[str, np.ndarray]:
    """Return the box of each object at each time by its class, ``[T, 4]`` pixels from the corner of the frame."""
    boxes: dict[str, np.ndarray] = {}
    outlines = [layer.polygon() for layer in scene.layers if isinstance(layer, Shape) and layer.component in _HELD]
    if outlines and clip.pair.name in _PROPS:
        points = np.concatenate(outlines, axis=1) + 0.5  # [T, P, 2]
        name = _PROPS[clip.pair.name][clip.applies("surface")]
        boxes[name] = np.concatenate([points.min(1), points.max(1)], axis=-1)
    masks = [layer.mask for layer in scene.layers if isinstance(layer, StaticLayer)]
    if masks and clip.pair.name in _FURNITURE:
        rows, columns = np.nonzero(masks[0] > 127)
        box = np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]) / OVERSAMPLING
        boxes[_FURNITURE[clip.pair.name]] = np.tile(box, (scene.num_frames, 1))
    return boxes


def measure_objects(
    boxes: dict[str, np.ndarray], num_frames: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the measured objects of true boxes; what is not seen has score 0.

    Args:
        boxes: true boxes by class, ``[T, 4]`` each.
        num_frames: number of frames T.
        rng: generator of the noise.

    Shapes: boxes float32 ``[T, K, 4]``, labels int64 ``[T, K]``, scores float32 ``[T, K]``.
    """
    measured = np.zeros((num_frames, MAX_OBJECTS, 4), np.float32)
    labels = np.zeros((num_frames, MAX_OBJECTS), np.int64)
    scores = np.zeros((num_frames, MAX_OBJECTS), np.float32)
    for slot, (name, box) in enumerate(boxes.items()):
        noise = np.sqrt(0.5) * (autoregressive_noise(rng, box.shape) + rng.standard_normal(box.shape))
        is_confused = autoregressive_noise(rng, (num_frames,)) < NormalDist().inv_cdf(CONFUSED_SHARE)
        is_missed = autoregressive_noise(rng, (num_frames,), memory=3.0) < NormalDist().inv_cdf(MISSED_SHARE)
        measured[:, slot] = _clip_boxes(box + JITTER * noise)
        twin = TWINS.get(name, name)
        labels[:, slot] = np.where(is_confused, OBJECT_CLASSES.index(twin), OBJECT_CLASSES.index(name))
        certainty = 0.75 - 0.25 * is_confused + 0.1 * rng.standard_normal(num_frames)
        scores[:, slot] = np.where(is_missed, 0.0, certainty.clip(0.2, 1.0))
    center = rng.uniform(0, (WIDTH, HEIGHT), (num_frames, 2))
    half = rng.uniform(4, 16, (num_frames, 2))
    measured[:, -1] = _clip_boxes(np.concatenate([center - half, center + half], -1))
    labels[:, -1] = rng.integers(len(OBJECT_CLASSES), size=num_frames)
    scores[:, -1] = rng.uniform(0.2, 0.5, num_frames) * (rng.random(num_frames) < FALSE_SHARE)
    return measured, labels, scores


def _clip_boxes(boxes: np.ndarray) -> np.ndarray:
    """Return boxes within the frame, each side at least :data:`MIN_SIDE` long, as far as they lie in it."""
    center = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = np.maximum(boxes[:, 2:] - boxes[:, :2], MIN_SIDE) / 2
    corners = np.concatenate([center - half, center + half], -1)
    return corners.clip(0, [WIDTH, HEIGHT, WIDTH, HEIGHT])
