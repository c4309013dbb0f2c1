"""Video transformers of this project, one architecture a file; parts that they share lie in ``layers``."""

from triad.modalities.video_encoders.transformers.longformer import Longformer
from triad.modalities.video_encoders.transformers.timesformer import TimeSformer
from triad.modalities.video_encoders.transformers.vivit_factorised_attention import FactorisedAttentionViViT
from triad.modalities.video_encoders.transformers.vivit_factorised_encoder import FactorisedEncoderViViT
from triad.modalities.video_encoders.transformers.vivit_joint import JointViViT
from triad.modalities.video_encoders.transformers.vtn import Vtn

__all__ = [
    "FactorisedAttentionViViT",
    "FactorisedEncoderViViT",
    "JointViViT",
    "Longformer",
    "TimeSformer",
    "Vtn",
]
