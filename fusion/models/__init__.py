"""The recognizer and its parts: preprocessor, encoding of streams, cost, published figures."""

from fusion.models.cost import stream_costs
from fusion.models.preprocessor import Preprocessor
from fusion.models.published import find_published
from fusion.models.recognizer import Recognizer
from fusion.models.streams import StreamFeatures, encode_stream, features_of, scatter, zero_loss

__all__ = [
    "Preprocessor",
    "Recognizer",
    "StreamFeatures",
    "encode_stream",
    "features_of",
    "find_published",
    "scatter",
    "stream_costs",
    "zero_loss",
]
