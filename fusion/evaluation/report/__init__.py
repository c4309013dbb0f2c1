"""HTML report of an ablation: one self-contained page, made from ``ablation.json`` and sample pictures, and a
page for each class.

``templates/`` holds the page, its drawings (inline SVG) and its style.
"""

from triad.fusion.evaluation.report.class_pages import write_class_pages
from triad.fusion.evaluation.report.page import Picture, render_report, write_report

__all__ = ["Picture", "render_report", "write_class_pages", "write_report"]
