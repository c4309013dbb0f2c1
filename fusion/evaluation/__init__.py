"""Ablation over subsets of streams, aggregation over folds and seeds, and the HTML report.

``report`` has a face of its own. ``stream_masking`` is imported by its path, because it alone runs networks.
"""

from triad.fusion.evaluation.ablation import build_ablation_document
from triad.fusion.evaluation.aggregate import (
    aggregate_folds,
    aggregate_folds_by_seed,
    group_runs,
)
from triad.fusion.evaluation.changed_clips import ChangedClip, ClassChanges, find_changed_clips
from triad.fusion.evaluation.class_pairs import ClassPair, evaluate_pair
from triad.fusion.evaluation.fusion_candidates import (
    FusionCandidate,
    build_late_candidates,
    select_by_subset,
    select_candidate,
    stream_subsets,
)
from triad.fusion.evaluation.fusion_comparison import compare_fusions
from triad.fusion.evaluation.highlights import Highlight, find_highlights
from triad.fusion.evaluation.joint_ablation import SplitAblation, build_joint_document
from triad.fusion.evaluation.repeated_seeds import group_runs_by_origin
from triad.fusion.evaluation.run_summary import compare_runs, summarize_runs
from triad.fusion.evaluation.shapley import shapley_values
from triad.fusion.evaluation.subset_cost import subset_costs
from triad.fusion.evaluation.table import ablation_table

__all__ = [
    "ChangedClip",
    "ClassChanges",
    "ClassPair",
    "FusionCandidate",
    "Highlight",
    "SplitAblation",
    "ablation_table",
    "aggregate_folds",
    "aggregate_folds_by_seed",
    "build_ablation_document",
    "build_joint_document",
    "build_late_candidates",
    "compare_fusions",
    "compare_runs",
    "evaluate_pair",
    "find_changed_clips",
    "find_highlights",
    "group_runs",
    "group_runs_by_origin",
    "select_by_subset",
    "select_candidate",
    "shapley_values",
    "stream_subsets",
    "subset_costs",
    "summarize_runs",
]
