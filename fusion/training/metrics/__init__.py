"""mmengine metrics: accuracy of actions, and the base class of metrics that collect outputs."""

from triad.fusion.training.metrics.action_metric import ActionMetric
from triad.fusion.training.metrics.collecting_metric import CollectingMetric

__all__ = ["ActionMetric", "CollectingMetric"]
