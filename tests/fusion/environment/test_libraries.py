"""OpenCV by its wheels: any one of them is enough, and several must agree."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from types import SimpleNamespace

import cv2
import pytest

from triad.fusion.environment import libraries
from triad.fusion.environment.libraries import check_opencv


@pytest.fixture
def install(monkeypatch):
    """Let some wheels of OpenCV seem to be installed and a version be loaded, with the contributed modules or not."""

    def install(wheels: dict[str, str], *, loaded: str = "4.13.0", contrib: bool = True) -> None:
        def version(name: str) -> str:
            if name not in wheels:
                raise PackageNotFoundError(name)
            return wheels[name]

        monkeypatch.setattr(libraries, "required_version", version)
        monkeypatch.setattr(cv2, "__version__", loaded)
        if not contrib:
            monkeypatch.delattr(cv2, "optflow", raising=False)
        elif not hasattr(cv2, "optflow"):
            create = SimpleNamespace(create=lambda: None)
            monkeypatch.setattr(cv2, "optflow", SimpleNamespace(DualTVL1OpticalFlow=create), raising=False)

    return install


def test_headless_opencv_is_enough(install):
    install({"opencv-python-headless": "4.14.0.94"}, loaded="4.14.0", contrib=False)
    assert check_opencv() == "4.14.0.94 (opencv-python-headless), DIS flow; TV-L1 flow needs opencv-contrib-python"


REQUIRED = {"opencv-python": "4.13.0.92", "opencv-contrib-python": "4.13.0.92"}


@pytest.mark.parametrize("headless", ["4.13.0.92", "5.0.0.93"])
def test_headless_beside_required_wheels(install, headless):
    install(REQUIRED | {"opencv-python-headless": headless})
    assert check_opencv() == "4.13.0.92, DIS and TV-L1 flow"


def test_overwritten_wheels_are_named(install):
    wheels = REQUIRED | {"opencv-python-headless": "5.0.0.93"}
    message = "opencv-contrib-python 4.13.0.92 and opencv-python-headless 5.0.0.93 overwrite each other: {} is loaded"
    install(wheels, loaded="5.0.0")
    with pytest.raises(RuntimeError, match=message.format("5.0.0")):
        check_opencv()
    install(wheels, contrib=False)
    with pytest.raises(RuntimeError, match=message.format("4.13.0")):
        check_opencv()


def test_no_opencv_is_missing(install):
    install({})
    with pytest.raises(PackageNotFoundError, match="opencv-python"):
        check_opencv()
