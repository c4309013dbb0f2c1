"""Video transformers of this project, one architecture a file; parts that they share lie in ``layers``."""

from modalities.video_encoders.transformers.longformer import Longformer
from modalities.video_encoders.transformers.timesformer import TimeSformer
from modalities.video_encoders.transformers.vivit_factorised_attention import FactorisedAttentionViViT
from modalities.video_encoders.transformers.vivit_factorised_encoder import FactorisedEncoderViViT
from modalities.video_encoders.transformers.vivit_joint import JointViViT
from modalities.video_encoders.transformers.vtn import Vtn

__all__ = [
    "FactorisedAttentionViViT",
    "FactorisedEncoderViViT",
    "JointViViT",
    "Longformer",
    "TimeSformer",
    "Vtn",
]
