"""Three calibrated pinhole cameras on the walls of the flat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

WIDTH, HEIGHT = 160, 120
FPS = 15.0
FRAMES = 30


@dataclass(frozen=True)
class Camera:
    """A pinhole camera without distortion.

    World: metres, x right, y up, z towards the front of the room. Camera: metres, x right, y down, z away. Pixels:
    ``(x, y)``, whole numbers at pixel centres.

    Args:
        name: ``c1`` …
        position: world, metres ``[3]``.
        rotation: rows are the camera's axes in the world, ``[3, 3]``.
        focal: pixels.
        center: principal point in pixels.
    """

    name: str
    position: np.ndarray
    rotation: np.ndarray
    focal: float
    center: tuple[float, float]

    def to_camera(self, points: np.ndarray) -> np.ndarray:
        """World to camera, ``[..., 3]`` metres."""
        return (points - self.position) @ self.rotation.T

    def project(self, points: np.ndarray) -> np.ndarray:
        """Camera metres ``[..., 3]`` to pixels ``[..., 2]``."""
        return self.focal * points[..., :2] / points[..., 2:] + np.asarray(self.center)

    def unproject(self, pixels: np.ndarray, depth: np.ndarray) -> np.ndarray:
        """Pixels ``[..., 2]`` at depths ``[...]`` in metres to camera metres ``[..., 3]``."""
        plane = (pixels - np.asarray(self.center)) * (depth / self.focal)[..., None]
        return np.concatenate([plane, depth[..., None]], axis=-1)

    @property
    def intrinsics(self) -> np.ndarray:
        """The matrix K, ``[3, 3]``."""
        (cx, cy), f = self.center, self.focal
        return np.array([[f, 0.0, cx], [0.0, f, cy], [0.0, 0.0, 1.0]])


def look_at(name: str, *, azimuth: float, distance: float, height: float, target_height: float = 0.86) -> Camera:
    """A camera around the middle of the room.

    Args:
        name: of the camera.
        azimuth: degrees from the front of the room to its right.
        distance: horizontal metres from the middle.
        height: metres above the floor.
        target_height: metres above the middle of the floor of the point it looks at.
    """
    angle = np.deg2rad(azimuth)
    position = np.array([distance * np.sin(angle), height, distance * np.cos(angle)])
    away = np.array([0.0, target_height, 0.0]) - position
    away /= np.linalg.norm(away)
    right = np.cross(away, [0.0, 1.0, 0.0])
    right /= np.linalg.norm(right)
    return Camera(
        name, position, np.stack([right, np.cross(away, right), away]), 190.0, ((WIDTH - 1) / 2, (HEIGHT - 1) / 2)
    )


CAMERAS: tuple[Camera, ...] = (
    look_at("c1", azimuth=-38.0, distance=3.15, height=1.85),
    look_at("c2", azimuth=0.0, distance=3.20, height=1.70),
    look_at("c3", azimuth=38.0, distance=3.15, height=2.00),
)
