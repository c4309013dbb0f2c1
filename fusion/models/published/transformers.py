"""Published figures of video transformers."""

from __future__ import annotations

from triad.fusion.models.published.record import Published

_KINETICS = 400
_TIMESFORMER = "Bertasius et al. 2021, TimeSformer; counted in mmaction2"
_VIVIT = "Arnab et al. 2021, ViViT-B/16x2"
_ROUNDED = "the paper prints 0.1 million parameters, and up to 0.8 % more operations than products of matrices"
_CLIP_32 = (3, 32, 224, 224)
_CLIP_8 = (3, 8, 224, 224)

TRANSFORMERS = (
    Published("TimeSformer", {}, _CLIP_8, _KINETICS, 121_566_352, 195.830, _TIMESFORMER),
    Published(
        *("TimeSformer", {"attention": "joint_space_time"}, _CLIP_8, _KINETICS, 86_112_400, 179.563),
        _TIMESFORMER,
    ),
    Published(
        *("TimeSformer", {"attention": "space_only"}, _CLIP_8, _KINETICS, 86_106_256, 140.505),
        _TIMESFORMER,
    ),
    Published("JointViViT", {}, _CLIP_32, _KINETICS, 88_900_000, 455.2, f"{_VIVIT}, model 1", _ROUNDED),
    Published(
        *("FactorisedEncoderViViT", {}, _CLIP_32, _KINETICS, 115_100_000, 284.4),
        *(f"{_VIVIT}, model 2", _ROUNDED),
    ),
    Published(
        *("FactorisedAttentionViViT", {}, _CLIP_32, _KINETICS, 117_300_000, 372.3),
        *(f"{_VIVIT}, model 3", _ROUNDED),
    ),
    *(
        Published(
            "TorchvisionTransformer", {"network": network}, (3, 16, 224, 224), _KINETICS, parameters, gmacs, source
        )
        for network, parameters, gmacs, source in (
            ("mvit_v1_b", 36_610_672, 70.599, "Fan et al. 2021, MViT; torchvision"),
            ("mvit_v2_s", 34_537_744, 64.224, "Li et al. 2022, MViTv2; torchvision"),
            ("swin3d_t", 28_158_070, 43.882, "Liu et al. 2022, Video Swin; torchvision"),
            ("swin3d_s", 49_816_678, 82.841, "Liu et al. 2022, Video Swin; torchvision"),
            ("swin3d_b", 88_048_984, 140.667, "Liu et al. 2022, Video Swin; torchvision"),
        )
    ),
    *(
        Published(
            "Mmaction2Transformer", {"backbone": backbone}, (3, times, 224, 224), _KINETICS, parameters, gmacs, source
        )
        for backbone, times, parameters, gmacs, source in (
            ("swin3d_t", 32, 28_158_070, 87.764, "Liu et al. 2022, Video Swin; counted in mmaction2"),
            ("swin3d_s", 32, 49_816_678, 165.682, "Liu et al. 2022, Video Swin; counted in mmaction2"),
            ("swin3d_b", 32, 88_048_984, 281.332, "Liu et al. 2022, Video Swin; counted in mmaction2"),
            ("mvit_v2_s", 16, 34_537_744, 64.224, "Li et al. 2022, MViTv2; counted in mmaction2"),
            ("mvit_v2_b", 32, 51_230_128, 224.473, "Li et al. 2022, MViTv2; counted in mmaction2"),
            ("videomae_s", 16, 22_033_936, 56.878, "Tong et al. 2022, VideoMAE; counted in mmaction2"),
            ("videomae_b", 16, 86_534_800, 180.345, "Tong et al. 2022, VideoMAE; counted in mmaction2"),
            ("uniformer_s", 16, 21_400_400, 41.662, "Li et al. 2022, UniFormer; counted in mmaction2"),
            ("uniformer_b", 16, 49_813_200, 96.554, "Li et al. 2022, UniFormer; counted in mmaction2"),
        )
    ),
)
