"""One self-contained page a person can read, print and send on: everything it shows comes from ``ablation.json``.

``templates/`` holds the page, its drawings (inline SVG) and its style. May import ``modalities`` and
``fusion.evaluation``.
"""

from fusion.evaluation.report.page import Picture, render_report, write_report

__all__ = ["Picture", "render_report", "write_report"]
