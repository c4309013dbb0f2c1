"""Contract of the adapters, for RGB and for flow, with published costs."""

from __future__ import annotations

from functools import partial

from video_contract import (  # noqa: F401
    Case,
    test_bfloat16_agrees,
    test_compiles,
    test_cost_is_published,
    test_map_and_gradients,
    test_other_channels_are_refused,
    test_sample_does_not_depend_on_batch,
    test_step_lowers_loss,
)

from triad.modalities.video_encoders import (
    Mmaction2SlowFast,
    Mmaction2Transformer,
    Mmaction2Video,
    TimmImage,
    TorchvisionImage,
    TorchvisionTransformer,
    TorchvisionVideo,
    adapters,
)

FC_400 = 513 * 400  # torchvision's published counts include a 400-way classifier
RESNET_18 = ((8, 32, 32), (512, 1, 2, 2))
FRAME = (1, 224, 224)  # figures of image networks are published for one image, with a 1000-way classifier
ALEXNET_FC = 9216 * 4096 + 4096 * 4096 + 4096 * 1000  # multiply-accumulates of three layers
ALEXNET_BIASES = 4096 + 4096 + 1000
VGG_FC = 25088 * 4096 + 4096 * 4096 + 4096 * 1000


CASES = {
    "r2plus1d_18": Case(
        partial(TorchvisionVideo, network="r2plus1d_18"), *RESNET_18, 31_505_325, (16, 112, 112), 40.519, FC_400
    ),
    "r3d_18": Case(partial(TorchvisionVideo, network="r3d_18"), *RESNET_18, 33_371_472, (16, 112, 112), 40.697, FC_400),
    "mc3_18": Case(
        partial(TorchvisionVideo, network="mc3_18"),
        *((2, 32, 32), (512, 2, 2, 2)),
        *(11_695_440, (16, 112, 112), 43.343, FC_400),
    ),
    "s3d": Case(
        partial(TorchvisionVideo, network="s3d"),
        *((16, 64, 64), (1024, 2, 2, 2)),
        *(8_320_048, (16, 224, 224), 17.979, 1025 * 400),
    ),
    "c2d_r50": Case(
        partial(Mmaction2Video, backbone="c2d_r50"),
        *((4, 64, 64), (2048, 2, 2, 2)),
        *(24_327_632, (8, 224, 224), 19.289, 2049 * 400),
    ),
    "i3d_r50": Case(
        partial(Mmaction2Video, backbone="i3d_r50"),
        *((8, 32, 32), (2048, 1, 1, 1)),
        *(28_043_472, (32, 224, 224), 33.127, 2049 * 400),
    ),
    "i3d_r50_nl_embedded_gaussian": Case(
        partial(Mmaction2Video, backbone="i3d_r50_nl_embedded_gaussian"),
        *((8, 64, 64), (2048, 1, 2, 2)),
        *(35_397_840, (32, 224, 224), 44.338, 2049 * 400),
    ),
    "ipcsn_r152": Case(
        partial(Mmaction2Video, backbone="ipcsn_r152"),
        *((8, 64, 64), (2048, 1, 2, 2)),
        *(33_016_592, (32, 224, 224), 83.294, 2049 * 400),
    ),
    "ircsn_r50": Case(
        partial(Mmaction2Video, backbone="ircsn_r50"),
        *((8, 64, 64), (2048, 1, 2, 2)),
        *(13_131_152, (32, 224, 224), 42.308, 2049 * 400),
    ),
    "r2plus1d_r34": Case(
        partial(Mmaction2Video, backbone="r2plus1d_r34"),
        *((8, 32, 32), (512, 1, 1, 1)),
        *(63_759_281, (8, 224, 224), 40.561, 513 * 400),
    ),
    "slowfast_r50_4x16": Case(
        partial(Mmaction2SlowFast, backbone="slowfast_r50_4x16"),
        *((8, 32, 32), (2304, 1, 1, 1)),
        *(34_479_288, (32, 224, 224), 27.638, 2305 * 400),
    ),
    "slowfast_r50_8x8": Case(
        partial(Mmaction2SlowFast, backbone="slowfast_r50_8x8"),
        *((8, 32, 32), (2304, 2, 1, 1)),
        *(34_565_560, (32, 224, 224), 50.308, 2305 * 400),
    ),
    "slowonly_r50": Case(
        partial(Mmaction2Video, backbone="slowonly_r50"),
        *((2, 64, 64), (2048, 2, 2, 2)),
        *(31_634_496, (4, 224, 224), 20.870),
    ),
    "posec3d": Case(  # published with 17 input channels, see test_mmaction2_video.py
        partial(Mmaction2Video, backbone="posec3d"),
        *((4, 16, 16), (512, 2, 2, 2)),
        *(1_972_128, (48, 56, 56), 12.326),
    ),
    "tanet_r50": Case(
        partial(Mmaction2Video, backbone="tanet_r50"),
        *((8, 64, 64), (2048, 8, 2, 2)),
        *(25_590_320, (8, 224, 224), 32.754, 2049 * 400),
    ),
    "x3d": Case(
        partial(Mmaction2Video, backbone="x3d"),
        *((4, 64, 64), (432, 4, 2, 2)),
        *(2_089_986, (13, 160, 160), 1.961),
    ),
    "mvit_v1_b": Case(
        partial(TorchvisionTransformer, network="mvit_v1_b"),
        *((4, 64, 64), (2, 4, 768)),
        *(36_610_672, (16, 224, 224), 70.599, 769 * 400),
    ),
    "mvit_v2_s": Case(
        partial(TorchvisionTransformer, network="mvit_v2_s"),
        *((4, 64, 64), (2, 4, 768)),
        *(34_537_744, (16, 224, 224), 64.224, 769 * 400),
    ),
    "swin3d_t": Case(
        partial(TorchvisionTransformer, network="swin3d_t"),
        *((4, 64, 64), (768, 2, 2, 2)),
        *(28_158_070, (16, 224, 224), 43.882, 769 * 400),
    ),
    "mmaction2_swin3d_t": Case(
        partial(Mmaction2Transformer, backbone="swin3d_t"),
        *((4, 64, 64), (768, 2, 2, 2)),
        *(27_850_470, (32, 224, 224), 87.764),
    ),
    "mmaction2_mvit_v2_s": Case(
        partial(Mmaction2Transformer, backbone="mvit_v2_s"),
        *((4, 64, 64), (2, 4, 768)),
        *(34_230_144, (16, 224, 224), 64.224),
    ),
    "videomae_s": Case(
        partial(Mmaction2Transformer, backbone="videomae_s"),
        *((4, 32, 32), (2, 4, 384)),
        *(21_879_936, (16, 224, 224), 56.878),
    ),
    "uniformer_s": Case(  # the paper prints 21.4M with a classifier and 41.8G
        partial(Mmaction2Transformer, backbone="uniformer_s"),
        *((4, 64, 64), (512, 2, 2, 2)),
        *(21_195_200, (16, 224, 224), 41.662),
    ),
    "alexnet": Case(
        partial(TorchvisionImage, network="alexnet"),
        *((2, 64, 64), (256, 2, 1, 1)),
        *(61_100_840, FRAME, 0.714 - ALEXNET_FC / 1e9, ALEXNET_FC + ALEXNET_BIASES),
    ),
    "vgg16": Case(
        partial(TorchvisionImage, network="vgg16"),
        *((2, 32, 32), (512, 2, 1, 1)),
        *(138_357_544, FRAME, 15.470 - VGG_FC / 1e9, VGG_FC + ALEXNET_BIASES),
        build_small=partial(TorchvisionImage, network="vgg11"),
    ),
    "googlenet": Case(
        partial(TorchvisionImage, network="googlenet"),
        *((2, 64, 64), (1024, 2, 2, 2)),
        *(6_624_904, FRAME, 1.498, 1025 * 1000),
    ),
    "resnet18": Case(
        partial(TorchvisionImage, network="resnet18"),
        *((3, 32, 64), (512, 3, 1, 2)),
        *(11_689_512, FRAME, 1.814, 513 * 1000),
    ),
    "resnet50": Case(
        partial(TorchvisionImage, network="resnet50"),
        *((2, 64, 64), (2048, 2, 2, 2)),
        *(25_557_032, FRAME, 4.089, 2049 * 1000),
    ),
    "mobilenet_v2": Case(
        partial(TorchvisionImage, network="mobilenet_v2"),
        *((2, 64, 64), (1280, 2, 2, 2)),
        *(3_504_872, FRAME, 0.301 - 1.28e-3, 1281 * 1000),
    ),
    "shufflenet_v2": Case(
        partial(TorchvisionImage, network="shufflenet_v2_x1_0"),
        *((2, 64, 64), (1024, 2, 2, 2)),
        *(2_278_604, FRAME, 0.145 - 1.024e-3, 1025 * 1000),
    ),
    "swin_t": Case(
        partial(TorchvisionImage, network="swin_t"),
        *((1, 64, 64), (768, 1, 2, 2)),
        *(28_288_354, FRAME, 4.491, 769 * 1000),
    ),
    "vit_b_16": Case(
        partial(TorchvisionImage, network="vit_b_16"),
        *((2, 32, 32), (2, 4, 768)),
        *(86_567_656, FRAME, 17.564, 769 * 1000),
    ),
    "timm_lite0": Case(
        partial(TimmImage, network="tf_efficientnet_lite0"),
        *((2, 64, 64), (1280, 2, 2, 2)),
        *(4_652_008, FRAME, 0.385 - 1.28e-3, 1281 * 1000),
    ),
    "timm_vit": Case(
        partial(TimmImage, network="vit_tiny_patch16_224"),
        *((2, 32, 32), (2, 4, 192)),
        *(5_717_416, FRAME, 1.258, 193 * 1000),
        gmacs_tolerance=5e-3,
        build_small=partial(TimmImage, network="vit_tiny_patch16_224", image_size=(32, 32)),
    ),
}


def test_every_encoder_has_a_case():
    classes = {getattr(adapters, name) for name in adapters.__all__}
    assert {case.build.func for case in CASES.values()} == classes
