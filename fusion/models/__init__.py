"""The recognizer and its parts: preprocessor, encoding of streams, fusion modules, cost, published figures."""

from fusion.models.cost import stream_costs
from fusion.models.feature_shapes import FeatureShape, feature_shape, output_shape
from fusion.models.fused_score import JOINT, fused_score
from fusion.models.fusion_module import AttentionMap, Features, FusionModule, FusionOutput, shape_of
from fusion.models.preprocessor import Preprocessor
from fusion.models.published import find_published
from fusion.models.recognizer import FEATURES, Classification, Recognizer
from fusion.models.streams import StreamFeatures, encode_stream, features_of, scatter, zero_loss
from fusion.models.video_attention import VideoAttention, video_attention

__all__ = [
    "FEATURES",
    "JOINT",
    "AttentionMap",
    "Classification",
    "FeatureShape",
    "Features",
    "FusionModule",
    "FusionOutput",
    "Preprocessor",
    "Recognizer",
    "StreamFeatures",
    "VideoAttention",
    "encode_stream",
    "feature_shape",
    "features_of",
    "find_published",
    "fused_score",
    "output_shape",
    "scatter",
    "shape_of",
    "stream_costs",
    "video_attention",
    "zero_loss",
]
