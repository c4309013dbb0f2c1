"""HTTP service of trained models: recordings and frames in, labels over time out."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from threading import Lock
from typing import Annotated, Any

import cv2
import numpy as np
from fastapi import FastAPI, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from triad.fusion.inference.frame_stream import FrameStream
from triad.fusion.inference.outputs import build_document, window_row
from triad.fusion.inference.predictor import Predictor
from triad.modalities.checks import InputError, fail

MAX_STREAMS = 64
"""Most streams of frames at once."""
MAX_FRAME_BYTES = 32 << 20
MAX_SUFFIX = 10


def build_service(predictor: Predictor, *, max_bytes: int) -> FastAPI:
    """Return the application of a service; an error of the user is status 400 with one line, ``{"error": …}``.

    So are an unknown address, 404, and a bug, 500, whose traceback is in the log.
    ``GET /`` names classes, streams of the models and open streams of frames. ``POST /predict?name=clip.mp4`` takes the
    bytes of a video or skeleton recording and returns what ``predict --json`` prints. ``POST
    /streams/NAME/frames?time=SECONDS`` takes one JPEG or PNG of a camera and returns ``{"window": …}``, null while no
    window is complete; ``DELETE /streams/NAME`` forgets the camera.

    Args:
        predictor: models that predict; calls wait for each other.
        max_bytes: most bytes of a recording.
    """
    service = FastAPI(title="triad", docs_url=None, redoc_url=None, openapi_url=None)
    streams = _Streams(predictor)

    @service.exception_handler(InputError)
    async def refuse(request: Request, error: InputError) -> JSONResponse:
        return _refusal(str(error), 400)

    @service.exception_handler(RequestValidationError)
    async def refuse_parameter(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        return _refusal(f"{first['loc'][-1]}: {first['msg']}, got '{first['input']}'", 400)

    @service.exception_handler(HTTPException)
    async def refuse_address(request: Request, error: HTTPException) -> JSONResponse:
        return _refusal(f"{request.method} {request.url.path}: {error.detail}", error.status_code, error.headers)

    @service.exception_handler(Exception)
    async def admit_bug(request: Request, error: Exception) -> JSONResponse:
        return _refusal(f"{type(error).__name__}: see the log of triad serve", 500)

    @service.get("/")
    async def describe() -> dict[str, Any]:  # beside the threads, which may all wait for a long recording
        return {"classes": list(predictor.classes), "streams": list(predictor.streams), "open": streams.names()}

    @service.post("/predict")
    async def predict(request: Request, name: str = "recording.mp4") -> dict[str, Any]:
        with tempfile.TemporaryDirectory(prefix="triad-serve-") as folder:
            path = Path(folder) / f"recording{_suffix(name)}"
            with path.open("wb") as file:
                async for chunk in _limited(request, max_bytes, "recording", "see --max-megabytes of triad serve"):
                    file.write(chunk)
            try:
                return await run_in_threadpool(_predict, predictor, path, name)
            except InputError as error:
                raise InputError(str(error).replace(str(path), name)) from None

    @service.post("/streams/{stream}/frames")
    async def push(
        request: Request, stream: str, time: Annotated[float | None, Query(allow_inf_nan=False)] = None
    ) -> dict[str, Any]:
        picture = b"".join([chunk async for chunk in _limited(request, MAX_FRAME_BYTES, "frame", "scale it down")])
        return await run_in_threadpool(streams.push, stream, picture, time)

    @service.delete("/streams/{stream}")
    def forget(stream: str) -> dict[str, Any]:
        return {"forgotten": streams.forget(stream)}

    return service


class _Streams:
    """Streams of frames by name."""

    def __init__(self, predictor: Predictor) -> None:
        self._predictor = predictor
        self._streams: dict[str, FrameStream] = {}
        self._lock = Lock()

    def names(self) -> list[str]:
        """Return the names of all streams, without waiting for one that is being opened."""
        return sorted(tuple(self._streams))

    def push(self, name: str, picture: bytes, time: float | None) -> dict[str, Any]:
        frame = _decode(picture)
        with self._lock:
            if name not in self._streams:
                if len(self._streams) == MAX_STREAMS:
                    fail("streams", f"be at most {MAX_STREAMS}", MAX_STREAMS + 1, "DELETE one that has ended")
                height, width = frame.shape[:2]
                self._streams[name] = self._predictor.open_stream((height, width))
            stream = self._streams[name]
        window = stream.push(frame, time)
        return {"window": None if window is None else window_row(window, self._predictor.classes)}

    def forget(self, name: str) -> bool:
        with self._lock:
            return self._streams.pop(name, None) is not None


def _predict(predictor: Predictor, path: Path, name: str) -> dict[str, Any]:
    document = build_document(predictor.predict(path))
    document["video"]["path"] = name
    return document


def _decode(picture: bytes) -> np.ndarray:
    """Return the RGB pixels of a JPEG or PNG, uint8 ``[H, W, 3]``."""
    try:
        frame = cv2.imdecode(np.frombuffer(picture or b"\0", np.uint8), cv2.IMREAD_COLOR_RGB)
    except cv2.error:  # more pixels than are decoded
        frame = None
    if frame is None:
        fail("frame", "be a JPEG or PNG", f"{len(picture)} bytes that are none")
    return frame


def _suffix(name: str) -> str:
    """Return the ending of a file name, by which skeleton recordings are told apart."""
    suffix = Path(name).suffix
    return suffix if suffix[1:].isalnum() and len(suffix) <= MAX_SUFFIX else ".mp4"


def _refusal(error: str, status: int, headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": " ".join(error.splitlines())}, status_code=status, headers=headers)


async def _limited(request: Request, max_bytes: int, subject: str, cure: str) -> AsyncIterator[bytes]:
    """Yield the bytes of a request piece by piece, up to a limit."""
    num_bytes = 0
    async for chunk in request.stream():
        num_bytes += len(chunk)
        if num_bytes > max_bytes:
            fail(subject, f"have at most {max_bytes} bytes", "more", cure)
        yield chunk
