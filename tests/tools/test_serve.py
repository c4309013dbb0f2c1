"""The command serve: what it starts, and the extra that it needs."""

from __future__ import annotations

import sys

import pytest


def test_models_are_served(command, monkeypatch):
    uvicorn = pytest.importorskip("uvicorn")
    pytest.importorskip("fastapi")
    started = {}
    monkeypatch.setattr(uvicorn, "run", lambda service, **options: started.update(options, service=service))
    monkeypatch.setattr("triad.fusion.inference.load", lambda *names, **options: started.update(options, names=names))
    code, _, err = command("serve.py", "--checkpoint", "a", "b", "--port", 0, "--window", 2, "--last")
    assert code == 0, err
    assert started["names"] == ("a", "b")
    assert {"host": "127.0.0.1", "port": 0, "window": 2.0, "last": True}.items() <= started.items()
    assert {route.path for route in started["service"].routes} >= {"/", "/predict", "/streams/{stream}/frames"}


def test_missing_extra_is_named(command, monkeypatch, one_line):
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    code, _, err = command("serve.py", "--checkpoint", "a")
    assert code == 1
    assert "pip install 'triad[serve]'" in one_line(err)
