from __future__ import annotations

import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.trajectories import FisherVector


def make_clips(count: int = 6) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.normal(size=(40, 4)) + rng.choice([-4, 4], (40, 1)) for _ in range(count)]


def test_gradient_equals_numerical_derivative():
    """The mean's part is the derivative of the mean log-likelihood, scaled by deviation and root of the weight."""
    clips = make_clips()
    encoder = FisherVector(num_gaussians=2, components=1.0).fit(clips)
    x = encoder.pca_.transform(clips[0]).astype(np.float64)
    mixture = encoder.mixture_
    for name in ("means_", "covariances_", "precisions_cholesky_"):  # differences need more digits
        setattr(mixture, name, getattr(mixture, name).astype(np.float64))
    raw = np.zeros((2, 4))
    for gaussian in range(2):
        for axis in range(4):
            values = []
            for shift in (-1e-4, 1e-4):
                mixture.means_[gaussian, axis] += shift
                values.append(mixture.score(x))
                mixture.means_[gaussian, axis] -= shift
            scale = np.sqrt(mixture.covariances_[gaussian, axis] / mixture.weights_[gaussian])
            raw[gaussian, axis] = (values[1] - values[0]) / 2e-4 * scale
    powered = np.sign(raw) * np.sqrt(np.abs(raw))
    vector = encoder.transform(clips[:1])[0, :8].reshape(2, 4)
    np.testing.assert_allclose(vector / np.linalg.norm(vector), powered / np.linalg.norm(powered), atol=1e-3)


def test_vectors_have_unit_length():
    clips = make_clips()
    vectors = FisherVector(num_gaussians=3, components=0.5).fit_transform(clips)
    assert vectors.shape == (6, 2 * 3 * 2)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, rtol=1e-5)


def test_clip_without_descriptors_is_zero():
    encoder = FisherVector(num_gaussians=2).fit(make_clips())
    assert not encoder.transform([np.zeros((0, 4))]).any()


def test_order_of_descriptors_does_not_matter():
    clips = make_clips()
    encoder = FisherVector(num_gaussians=2).fit(clips)
    first, second = encoder.transform([clips[0], clips[0][::-1]])
    np.testing.assert_allclose(first, second, atol=2e-3)  # roots of values near zero


def test_too_few_descriptors_are_refused():
    with pytest.raises(InputError, match="descriptors of the training clips must be at least 64, got 3"):
        FisherVector().fit([np.zeros((3, 4))])
