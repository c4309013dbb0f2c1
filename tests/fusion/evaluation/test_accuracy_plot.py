from __future__ import annotations

from io import BytesIO

from PIL import Image

from triad.fusion.evaluation.accuracy_plot import network_name, plot_accuracy


def result(*configs: str, accuracy: float, gmacs: float, fusion: str | None = None) -> dict[str, object]:
    return {
        "configs": [f"configs/{config}_jhmdb.py" for config in configs],
        "dataset": "jhmdb",
        "fusion": fusion,
        "mean_class_accuracy": accuracy,
        "ci95": [accuracy - 0.05, accuracy + 0.05],
        "gmacs": gmacs,
        "parameters": 24_000_000,
    }


def test_networks_are_named_without_dataset() -> None:
    assert network_name(result("rgb/tsn", accuracy=0.5, gmacs=1)) == "tsn"
    assert network_name(result("flow/tsn", "rgb/i3d", accuracy=0.5, gmacs=1, fusion="svm")) == "tsn + i3d, svm"


def test_plot_differs_by_accuracy() -> None:
    """Crowded circles too are drawn, and equal results give equal bytes."""
    crowd = [result("rgb/tsn", accuracy=0.5 + step / 500, gmacs=30 + step) for step in range(12)]
    png = plot_accuracy([*crowd, result("flow/tsn", accuracy=0.2, gmacs=0.1)], title="jhmdb, split1")
    assert png == plot_accuracy([*crowd, result("flow/tsn", accuracy=0.2, gmacs=0.1)], title="jhmdb, split1")
    assert png != plot_accuracy([*crowd, result("flow/tsn", accuracy=0.3, gmacs=0.1)], title="jhmdb, split1")
    assert Image.open(BytesIO(png)).size == (1440, 960)
