"""Three calibrated pinhole cameras on the walls of the flat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

WIDTH = 160
HEIGHT = 120
FPS = 15.0
NUM_FRAMES = 30


@dataclass(frozen=True)
class Camera:
    """Pinhole camera without distortion.

    World: metres, x right, y up, z towards the front of the room. Camera: metres, x right, y down, z away. Pixels:
    ``(x, y)``, whole numbers at pixel centres.

    Args:
        name: ``c1``, ``c2`` or ``c3``.
        position: position in the world in metres, ``[3]``.
        rotation: axes of the camera in the world, one a row, ``[3, 3]``.
        focal: focal length in pixels.
        center: principal point in pixels.
    """

    name: str
    position: np.ndarray
    rotation: np.ndarray
    focal: float
    center: tuple[float, float]

    def to_camera(self, points: np.ndarray) -> np.ndarray:
        """Return world points in the camera frame, ``[..., 3]`` metres."""
        return (points - self.position) @ self.rotation.T

    def project(self, points: np.ndarray) -> np.ndarray:
        """Return the pixels ``[..., 2]`` of points in camera metres ``[..., 3]``."""
        return self.focal * points[..., :2] / points[..., 2:] + np.asarray(self.center)

    def unproject(self, pixels: np.ndarray, depth: np.ndarray) -> np.ndarray:
        """Return the camera metres ``[..., 3]`` of pixels ``[..., 2]`` at depths in metres ``[...]``."""
        plane = (pixels - np.asarray(self.center)) * (depth / self.focal)[..., None]
        return np.concatenate([plane, depth[..., None]], axis=-1)

    @property
    def intrinsics(self) -> np.ndarray:
        """Matrix K, ``[3, 3]``."""
        cx, cy = self.center
        return np.array([[self.focal, 0.0, cx], [0.0, self.focal, cy], [0.0, 0.0, 1.0]])


def look_at(name: str, *, azimuth: float, distance: float, height: float, target_height: float = 0.86) -> Camera:
    """Return a camera that looks at a point above the middle of the room.

    Args:
        name: name of the camera.
        azimuth: degrees from the front of the room to its right.
        distance: horizontal metres from the middle.
        height: metres above the floor.
        target_height: height of that point in metres.
    """
    angle = np.deg2rad(azimuth)
    position = np.array([distance * np.sin(angle), height, distance * np.cos(angle)])
    forward = np.array([0.0, target_height, 0.0]) - position
    forward /= np.linalg.norm(forward)
    right = np.cross(forward, [0.0, 1.0, 0.0])
    right /= np.linalg.norm(right)
    rotation = np.stack([right, np.cross(forward, right), forward])
    return Camera(name, position, rotation, focal=190.0, center=((WIDTH - 1) / 2, (HEIGHT - 1) / 2))


CAMERAS: tuple[Camera, ...] = (
    look_at("c1", azimuth=-38.0, distance=3.15, height=1.85),
    look_at("c2", azimuth=0.0, distance=3.20, height=1.70),
    look_at("c3", azimuth=38.0, distance=3.15, height=2.00),
)
