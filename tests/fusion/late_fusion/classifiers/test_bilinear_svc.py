import numpy as np

from triad.fusion.late_fusion.classifiers import BilinearSVC, BlockSVC


def crossed_streams(seed: int, samples: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Two streams of a sign each; the class is the product of the signs, which no sum of streams tells."""
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], (samples, 2))
    columns = np.stack([signs[:, 0], -signs[:, 0], signs[:, 1], -signs[:, 1]], axis=1)
    return columns, (signs.prod(axis=1) > 0).astype(int)


def test_products_between_streams_are_seen():
    columns, labels = crossed_streams(0)
    test_columns, test_labels = crossed_streams(1)
    assert BilinearSVC(widths=(2, 2)).fit(columns, labels).score(test_columns, test_labels) == 1
    assert BlockSVC(widths=(2, 2)).fit(columns, labels).score(test_columns, test_labels) < 0.6


def test_sketch_keeps_the_kernel():
    """Inner products of sketches are (1 + ⟨x, y⟩)², here with two blocks of unit length."""
    columns, labels = crossed_streams(0, samples=20)
    classifier = BilinearSVC(num_components=20_000, widths=(2, 2)).fit(columns, labels)
    sketches = classifier.pipeline_[:-1].transform(columns)
    blocks = columns / np.sqrt(2)
    np.testing.assert_allclose(sketches @ sketches.T, (1 + blocks @ blocks.T) ** 2, atol=0.25)
