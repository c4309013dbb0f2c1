"""Published figures of the networks that encoders implement, with the settings they were counted in.

One file a kind of network holds its entries; ``lookup`` names the files and finds the entry of a config.
"""

from triad.fusion.models.published.lookup import PUBLISHED, find_published
from triad.fusion.models.published.record import AUTHORS, Published

__all__ = ["AUTHORS", "PUBLISHED", "Published", "find_published"]
