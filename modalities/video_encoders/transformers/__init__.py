"""Video transformers of this project, one architecture a file; parts that they share lie in ``layers``."""

from modalities.video_encoders.transformers.timesformer import TimeSformer

__all__ = ["TimeSformer"]
