from __future__ import annotations

from importlib.metadata import version

import pytest

from triad.fusion.environment import versions


def test_version_that_is_not_required_is_broken(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(versions, "requires", {"triad": ["numpy>=1000", "av; extra == 'x'"]}.get)
    with pytest.raises(RuntimeError, match=r"numpy [\d.]+ is installed, Triad requires >=1000"):
        versions.required_version("numpy")
    assert versions.required_version("av") == version("av")
