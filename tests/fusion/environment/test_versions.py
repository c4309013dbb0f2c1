from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest

from fusion.environment import versions


def test_version_outside_setup_cfg_is_broken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    setup = tmp_path / "setup.cfg"
    setup.write_text(
        "[options]\ninstall_requires =\n    # why\n    numpy >=1000\n[options.extras_require]\nx =\n    av\n"
    )
    monkeypatch.setattr(versions, "SETUP", setup)
    with pytest.raises(RuntimeError, match=r"numpy [\d.]+ is installed, setup.cfg requires >=1000"):
        versions.required_version("numpy")
    assert versions.required_version("av") == version("av")
