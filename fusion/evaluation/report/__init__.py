"""HTML report of an ablation: one self-contained page, made from ``ablation.json`` and sample pictures.

``templates/`` holds the page, its drawings (inline SVG) and its style.
"""

from fusion.evaluation.report.page import Picture, render_report, write_report

__all__ = ["Picture", "render_report", "write_report"]
