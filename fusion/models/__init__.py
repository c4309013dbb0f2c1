"""The one recognizer and its parts: preprocessor, streams, the batch on the device.

May import: ``modalities``, ``fusion.heads``, ``fusion.attention``.
"""

from fusion.models.preprocessor import Preprocessor
from fusion.models.recognizer import Recognizer

__all__ = ["Preprocessor", "Recognizer"]
