"""The recognizer and its parts: preprocessor, encoding of streams, fusion modules, cost, published figures."""

from triad.fusion.models.classification import Classification
from triad.fusion.models.cost import stream_costs
from triad.fusion.models.feature_shapes import FeatureShape, feature_shape, output_shape
from triad.fusion.models.framewise_recognizer import FramewiseRecognizer
from triad.fusion.models.fused_score import JOINT, fused_score
from triad.fusion.models.fusion_module import AttentionMap, Features, FusionModule, FusionOutput, shape_of
from triad.fusion.models.paired import LateralConnections, PairedEncoder, RgbPoseConv3d, StreamInput, encode_pair
from triad.fusion.models.preprocessor import FEATURES, Preprocessor
from triad.fusion.models.published import find_published
from triad.fusion.models.recognizer import Recognizer
from triad.fusion.models.sample_maps import SampleMap, patch_grid, sample_maps
from triad.fusion.models.streams import (
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
    "FramewiseRecognizer",
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
