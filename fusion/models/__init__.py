"""The recognizer and its parts: preprocessor, encoding of streams, fusion modules, cost, published figures."""

from fusion.models.classification import Classification
from fusion.models.cost import stream_costs
from fusion.models.feature_shapes import FeatureShape, feature_shape, output_shape
from fusion.models.fused_score import JOINT, fused_score
from fusion.models.fusion_module import AttentionMap, Features, FusionModule, FusionOutput, shape_of
from fusion.models.paired import LateralConnections, PairedEncoder, RgbPoseConv3d, StreamInput, encode_pair
from fusion.models.preprocessor import FEATURES, Preprocessor
from fusion.models.published import find_published
from fusion.models.recognizer import Recognizer
from fusion.models.sample_maps import SampleMap, patch_grid, sample_maps
from fusion.models.streams import (
    StreamFeatures,
    count_streams,
    encode_stream,
    encode_streams,
    features_of,
    scatter,
    take_rows,
    union_rows,
    zero_loss,
)

__all__ = [
    "FEATURES",
    "JOINT",
    "AttentionMap",
    "Classification",
    "FeatureShape",
    "Features",
    "FusionModule",
    "FusionOutput",
    "LateralConnections",
    "PairedEncoder",
    "Preprocessor",
    "Recognizer",
    "RgbPoseConv3d",
    "SampleMap",
    "StreamFeatures",
    "StreamInput",
    "count_streams",
    "encode_pair",
    "encode_stream",
    "encode_streams",
    "feature_shape",
    "features_of",
    "find_published",
    "fused_score",
    "output_shape",
    "patch_grid",
    "sample_maps",
    "scatter",
    "shape_of",
    "stream_costs",
    "take_rows",
    "union_rows",
    "zero_loss",
]
