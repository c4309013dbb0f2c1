"""Ablation over subsets of streams, aggregation over folds and seeds, and the HTML report."""
