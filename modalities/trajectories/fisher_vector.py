"""Fisher vector of a set of descriptors."""

from __future__ import annotations

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.decomposition import PCA
from sklearn.mixture import GaussianMixture
from sklearn.utils.validation import check_is_fitted

from triad.modalities.checks import fail


class FisherVector(TransformerMixin, BaseEstimator):
    """Gradient of the log-likelihood of a set of descriptors with respect to means and deviations of a mixture.

    Descriptors are reduced to ``components`` by PCA; signed roots and the Euclidean norm follow. F. Perronnin, J.
    Sánchez, T. Mensink 2010, Improving the Fisher Kernel for Large-Scale Image Classification (ECCV).

    Args:
        num_gaussians: number of Gaussians of the mixture, G.
        components: share of the descriptor's dimensions that PCA keeps, in (0, 1].
        max_samples: number of descriptors of the training clips that PCA and mixture are fitted on.
        seed: seed of the draw and of the mixture.

    Attributes:
        pca_: fitted PCA to D dimensions.
        mixture_: fitted mixture of diagonal Gaussians.
    """

    def __init__(
        self, *, num_gaussians: int = 64, components: float = 0.5, max_samples: int = 50_000, seed: int = 0
    ) -> None:
        self.num_gaussians = num_gaussians
        self.components = components
        self.max_samples = max_samples
        self.seed = seed

    def fit(self, clips: list[np.ndarray], y: None = None) -> FisherVector:
        """Fit PCA and mixture on descriptors of training clips, ``[K_i, C]`` each.

        Raises:
            InputError: If there are fewer descriptors than Gaussians.
        """
        descriptors = np.concatenate(clips).astype(np.float32)
        if len(descriptors) < self.num_gaussians:
            cure = "use fewer Gaussians or more clips"
            fail("descriptors of the training clips", f"be at least {self.num_gaussians}", len(descriptors), cure)
        rng = np.random.default_rng(self.seed)
        if len(descriptors) > self.max_samples:
            descriptors = descriptors[rng.choice(len(descriptors), self.max_samples, replace=False)]
        dimensions = max(1, int(descriptors.shape[1] * self.components))
        self.pca_ = PCA(dimensions, random_state=self.seed).fit(descriptors)
        self.mixture_ = GaussianMixture(
            self.num_gaussians, covariance_type="diag", max_iter=50, reg_covar=1e-4, random_state=self.seed
        ).fit(self.pca_.transform(descriptors))
        return self

    def transform(self, clips: list[np.ndarray]) -> np.ndarray:
        """Return one vector a clip, float32 ``[N, 2·G·D]``; zeros for a clip without descriptors."""
        check_is_fitted(self)
        return np.stack([self._encode(clip) for clip in clips])

    def _encode(self, descriptors: np.ndarray) -> np.ndarray:
        mixture = self.mixture_
        size = 2 * mixture.means_.size
        if len(descriptors) == 0:
            return np.zeros(size, np.float32)
        x = self.pca_.transform(descriptors.astype(np.float32))  # [K, D]
        posterior = mixture.predict_proba(x)  # [K, G]
        deviation = np.sqrt(mixture.covariances_)  # [G, D]
        weights = mixture.weights_[:, None]
        total = posterior.sum(0)[:, None]  # [G, 1]
        first = posterior.T @ x  # [G, D]
        second = posterior.T @ x**2
        mean_gradient = (first - total * mixture.means_) / (deviation * np.sqrt(weights))
        scatter = second - 2 * first * mixture.means_ + total * mixture.means_**2
        deviation_gradient = (scatter / mixture.covariances_ - total) / np.sqrt(2 * weights)
        vector = np.concatenate([mean_gradient.ravel(), deviation_gradient.ravel()]) / len(x)
        vector = np.sign(vector) * np.sqrt(np.abs(vector))
        return (vector / max(float(np.linalg.norm(vector)), 1e-12)).astype(np.float32)
