"""Usage reports of libraries, which are switched off before any of them is imported: home video must not phone home."""

from __future__ import annotations

import os

SWITCHES = {
    "ORT_DISABLE_TELEMETRY": "1",  # onnxruntime 1.32 writes an identity of the device to the cache and looks up a host
    "RAY_USAGE_STATS_ENABLED": "0",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "NO_ALBUMENTATIONS_UPDATE": "1",  # ptlflow's, which asks for its newest version
    "DO_NOT_TRACK": "1",
}
"""Environment variables; one that the user has set keeps its value."""


def switch_off() -> None:
    """Set the environment variables that stop libraries from reporting their use."""
    for name, value in SWITCHES.items():
        os.environ.setdefault(name, value)
