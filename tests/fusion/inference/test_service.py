"""The HTTP service: recordings, frames of cameras, and what it refuses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from time import sleep

import cv2
import numpy as np
import pytest

pytest.importorskip("fastapi")
pytest.importorskip("httpx")

from fastapi.testclient import TestClient

from triad.fusion.inference import Predictor, service
from triad.fusion.inference.service import build_service
from triad.modalities.checks import fail


@pytest.fixture
def client(brightness_ensemble) -> TestClient:
    predictor = Predictor(brightness_ensemble, window=1.0, stride=0.5, fps=10)
    return TestClient(build_service(predictor, max_bytes=100_000))


def jpeg(value: int, size: tuple[int, int] = (32, 48)) -> bytes:
    return cv2.imencode(".jpg", np.full((*size, 3), value, np.uint8))[1].tobytes()


def test_models_are_described(client: TestClient) -> None:
    assert client.get("/").json() == {"classes": ["bright", "dark"], "streams": ["rgb"], "open": []}
    client.post("/streams/hall/frames", content=jpeg(0))
    assert client.get("/").json()["open"] == ["hall"]


def test_video_is_labelled(client: TestClient, video: Path) -> None:
    answer = client.post("/predict?name=kitchen.mp4", content=video.read_bytes())
    assert answer.status_code == 200
    document = answer.json()
    assert document["video"]["path"] == "kitchen.mp4"
    assert [row["label"] for row in document["windows"]] == ["dark", "bright", "bright"]


def test_frames_of_two_cameras_are_apart(client: TestClient) -> None:
    labels = []
    for _ in range(10):
        for camera, value in (("hall", 0), ("yard", 255)):
            window = client.post(f"/streams/{camera}/frames", content=jpeg(value)).json()["window"]
            labels += [] if window is None else [(camera, window["label"])]
    assert labels == [("hall", "dark"), ("yard", "bright")]
    assert client.delete("/streams/hall").json() == {"forgotten": True}
    assert client.delete("/streams/hall").json() == {"forgotten": False}


def test_time_of_a_frame_counts(client: TestClient) -> None:
    assert client.post("/streams/a/frames?time=5.0", content=jpeg(0)).json() == {"window": None}
    window = client.post("/streams/a/frames?time=5.9", content=jpeg(0)).json()["window"]
    assert (window["start"], window["end"], window["label"]) == (0.0, 1.0, "dark")
    error = client.post("/streams/a/frames?time=1.0", content=jpeg(0))
    assert error.status_code == 400
    assert "be at least that of the frame before it" in error.json()["error"]


@pytest.mark.parametrize(
    ("address", "content", "message"),
    [
        ("/predict?name=a.mp4", b"no video" * 100, "'a.mp4'"),
        ("/predict", b"", "recording.mp4"),
        ("/predict?name=../../etc/passwd", b"x", "'../../etc/passwd'"),
        ("/predict", b"x" * 100_001, "have at most 100000 bytes"),
        ("/streams/a/frames", b"no picture", "be a JPEG or PNG"),
        ("/streams/a/frames", b"", "be a JPEG or PNG"),
        ("/streams/a/frames?time=noon", b"", "time: Input should be a valid number"),
        ("/predict?name=a%0Ab.mp4", b"no video", "'a b.mp4'"),
    ],
)
def test_faults_are_one_line(client: TestClient, address: str, content: bytes, message: str) -> None:
    answer = client.post(address, content=content)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert message in error
    assert "\n" not in error
    assert "triad-serve-" not in error


def test_frame_of_another_size_is_refused(client: TestClient) -> None:
    client.post("/streams/a/frames", content=jpeg(0))
    answer = client.post("/streams/a/frames", content=jpeg(0, (16, 16)))
    assert (answer.status_code, "size of the first" in answer.json()["error"]) == (400, True)


def test_streams_have_a_limit(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MAX_STREAMS", 1)
    assert client.post("/streams/a/frames", content=jpeg(0)).status_code == 200
    assert "DELETE one that has ended" in client.post("/streams/b/frames", content=jpeg(0)).json()["error"]
    client.delete("/streams/a")
    assert client.post("/streams/b/frames", content=jpeg(0)).status_code == 200


def test_refused_time_opens_no_stream(client: TestClient) -> None:
    answer = client.post("/streams/a/frames?time=nan", content=jpeg(0))
    assert (answer.status_code, "finite number" in answer.json()["error"]) == (400, True)
    assert client.delete("/streams/a").json() == {"forgotten": False}


def test_wrong_address_is_told(client: TestClient) -> None:
    assert client.get("/frames").json() == {"error": "GET /frames: Not Found"}
    answer = client.get("/predict")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_bug_names_no_path(brightness_ensemble, video: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    predictor = Predictor(brightness_ensemble, window=1.0, stride=0.5, fps=10)

    def break_down(path: Path) -> None:
        raise RuntimeError(f"at {path}")

    monkeypatch.setattr(predictor, "predict", break_down)
    client = TestClient(build_service(predictor, max_bytes=100_000), raise_server_exceptions=False)
    answer = client.post("/predict", content=video.read_bytes())
    assert (answer.status_code, answer.json()) == (500, {"error": "RuntimeError: see the log of triad serve"})


def test_waiting_requests_block_no_description(brightness_ensemble, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where 40 frames, the threads of a service, wait for the prediction of a long recording."""
    predictor = Predictor(brightness_ensemble, window=1.0, stride=0.5, fps=10)
    is_described = Event()

    def wait(path: Path) -> None:
        assert is_described.wait(20)
        fail("recording", "be short", "long")

    monkeypatch.setattr(predictor, "predict", wait)
    with TestClient(build_service(predictor, max_bytes=100_000)) as client, ThreadPoolExecutor(45) as clients:
        waiting = [clients.submit(client.post, "/predict", content=b"x") for _ in range(45)]
        sleep(0.5)
        assert client.get("/").status_code == 200
        is_described.set()
        assert {answer.result().status_code for answer in waiting} == {400}
