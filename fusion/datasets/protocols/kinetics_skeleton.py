"""Kinetics-skeleton (Yan et al. 2018, ST-GCN): the official validation set tests, a twentieth of train validates.

The labels of Kinetics' own test set were not published, so that figures are of its validation set.
"""

from fusion.datasets.protocols.rules import official

PROTOCOLS = {"split1": official("split1", carve=0.05)}
PUBLISHED = {"split1": {"train+val": 240436, "test": 19796}}
"""Clips in which somebody was found."""
