"""The table of systems: its cells, its sources, and its place in the README."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import pytest

from triad.__main__ import COMMANDS
from triad.fusion.evaluation.systems import SYSTEMS, System
from triad.fusion.evaluation.systems_table import END, START, leaves_of_systems, systems_table, write_into_readme
from triad.fusion.training.config import build_config
from triad.modalities import video_encoders
from triad.modalities.checks import InputError
from triad.modalities.encoder import Encoder

ROOT = Path(__file__).resolve().parents[3]
ALL_SYSTEMS = [system for systems in SYSTEMS.values() for system in systems]


def test_every_system_exists() -> None:
    assert [leaf for leaf in leaves_of_systems() if not (ROOT / f"configs/{leaf}.py").is_file()] == []
    for system in ALL_SYSTEMS:
        assert system.leaves or system.command or system.cls
        for name in filter(None, (system.cls, system.flow_network)):
            resolve_name(name)
        if system.command:
            triad, tool, *words = system.command.split()
            assert triad == "triad"
            assert tool in COMMANDS
            assert all((ROOT / word).is_file() for word in words if word.startswith("configs/"))


def types_in(encoder: Mapping[str, Any]) -> set[type]:
    """Classes of an encoder and of the networks inside it."""
    inner = [types_in(value) for value in encoder.values() if isinstance(value, Mapping)]
    own = {encoder["type"]} if "type" in encoder else set()
    return own.union(*inner)


def test_every_video_encoder_is_named() -> None:
    classes = {getattr(video_encoders, name) for name in video_encoders.__all__}
    encoders = {cls for cls in classes if isinstance(cls, type) and issubclass(cls, Encoder)}
    encoders -= {base for cls in encoders for base in cls.__mro__[1:]}
    named = {resolve_name(system.cls) for system in ALL_SYSTEMS if system.cls}
    for leaf in leaves_of_systems():
        streams = build_config(ROOT / f"configs/{leaf}.py").streams
        named |= {cls for stream in streams.values() for cls in types_in(stream["encoder"])}
    unnamed = {cls.__name__ for cls in encoders - named}
    assert unnamed == set(), "give it a line in fusion/evaluation/systems.py"


def test_cells_of_a_system(monkeypatch: pytest.MonkeyPatch) -> None:
    systems = {
        "3D CNNs": (System("I3D", "Carreira & Zisserman 2017", ("rgb/i3d_jhmdb", "flow/i3d_jhmdb")),),
        "Fusion": (
            System("Mean", "2014", command="triad fuse", late_fusion="mean"),
            System("Gate", "2018", cls="torch.nn:GLU"),
        ),
        "Empty": (),
    }
    monkeypatch.setattr("triad.fusion.evaluation.systems_table.SYSTEMS", systems)
    zoo = {
        "rgb/i3d_jhmdb": {"parameters": 12_345, "gmacs": 1.23456},
        "flow/i3d_jhmdb": {"parameters": 9, "gmacs": 1.0},
    }
    shared = {"dataset": "jhmdb", "protocols": ["split1"], "split": "test", "mean_class_accuracy": 0.5}
    rgb, flow = (f"configs/{folder}/i3d_jhmdb.py" for folder in ("rgb", "flow"))
    results = [{**shared, "configs": [rgb], "fusion": None}, {**shared, "configs": [flow, rgb], "fusion": "mean"}]
    assert systems_table(zoo, results).split("\n") == [
        "| 3D CNNs | paper | config, class or command | parameters | GMACs | measured |",
        "| --- | --- | --- | --- | --- | --- |",
        "| I3D | Carreira & Zisserman 2017 | `rgb/i3d_jhmdb`<br>`flow/i3d_jhmdb` | 12,345<br>9 | 1.235<br>1.000 "
        "| 50.0 (jhmdb, split1)<br>– |",
        "",
        "| Fusion | paper | config, class or command | parameters | GMACs | measured |",
        "| --- | --- | --- | --- | --- | --- |",
        "| Mean | 2014 | `triad fuse` | – | – | 50.0 (jhmdb, split1) |",
        "| Gate | 2018 | `GLU` | – | – | – |",
    ]


def test_flow_network_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    raft = "torchvision.models.optical_flow:raft_small"
    systems = {"Flow": (System("RAFT-small", "2020", flow_network=raft, frame=(3, 368, 768)),)}
    monkeypatch.setattr("triad.fusion.evaluation.systems_table.SYSTEMS", systems)
    assert systems_table({}, []).endswith("| RAFT-small | 2020 | – | 990,162 | 51.559 | – |")


def test_table_stands_between_marks(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"# Title\n{START}\nold\n{END}\nend\n", "utf-8")
    for table in ("| a |", "| b |"):
        write_into_readme(readme, table)
    assert readme.read_text("utf-8") == f"# Title\n{START}\n\n| b |\n\n{END}\nend\n"
    readme.write_text(f"# Title\n{START}\n", "utf-8")
    with pytest.raises(InputError, match="must hold the lines"):
        write_into_readme(readme, "| a |")
