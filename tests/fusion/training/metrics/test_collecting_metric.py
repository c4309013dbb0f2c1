"""Base class of metrics: outputs of all batches reach ``compute_metrics`` in order, under plain names."""

from triad.fusion.training.metrics import CollectingMetric


class SumMetric(CollectingMetric):
    def compute_metrics(self, results):
        return {"sum": sum(row["value"] for row in results), "first": results[0]["value"]}


def test_outputs_of_batches_are_collected():
    metric = SumMetric()
    metric.process(None, [{"value": 1}, {"value": 2}])
    metric.process(None, [{"value": 4}])
    assert metric.evaluate(size=3) == {"sum": 7, "first": 1}
    assert metric.results == []  # the next evaluation begins anew


def test_padded_samples_are_left_out():
    metric = SumMetric()
    metric.process(None, [{"value": 1}, {"value": 2}, {"value": 1}])
    assert metric.evaluate(size=2)["sum"] == 3
