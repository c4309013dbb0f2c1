"""Published figures of convolutional networks over space and time."""

from __future__ import annotations

from typing import Any

from triad.fusion.models.published.record import Published

_KINETICS = 400
_TRAN = "Tran et al. 2018, A Closer Look at Spatiotemporal Convolutions; torchvision's own figures"
_CSN = "Tran et al. 2019, Channel-Separated Convolutional Networks; counted in mmaction2"
_NON_LOCAL = "Wang et al. 2018, Non-local Neural Networks; counted in mmaction2"
_SLOWFAST = "Feichtenhofer et al. 2019, SlowFast; counted in mmaction2"
_I3D = "Carreira and Zisserman 2017, Inception-I3D; counted in the usual PyTorch port"
_S3D = "Xie et al. 2018, S3D; counted in torchvision"
_RGB_POSE = "Duan et al. 2022, networks that RGBPose-Conv3D starts from; counted in mmaction2"
_X3D = "Feichtenhofer 2020, X3D; counted in mmaction2"
_X3D_HEAD = "its classifier has a layer of 2,048 before the linear one"
_CBAM_ROUNDED = "the paper prints 0.01 million parameters"
_CLIP_16_SMALL = (3, 16, 112, 112)
_CLIP_64 = (3, 64, 224, 224)
_CLIP_32 = (3, 32, 224, 224)
_CLIP_16 = (3, 16, 224, 224)
_CLIP_8 = (3, 8, 224, 224)


def _torchvision(network: str, parameters: int, gmacs: float) -> Published:
    return Published("TorchvisionVideo", {"network": network}, _CLIP_16_SMALL, _KINETICS, parameters, gmacs, _TRAN)


def _mmaction2(
    backbone: str, shape: tuple[int, int, int, int], parameters: int, gmacs: float, source: str, difference: str = ""
) -> Published:
    options = {"backbone": backbone}
    return Published("Mmaction2Video", options, shape, _KINETICS, parameters, gmacs, source, difference)


def _slowfast(backbone: str, parameters: int, gmacs: float) -> Published:
    return Published("Mmaction2SlowFast", {"backbone": backbone}, _CLIP_32, _KINETICS, parameters, gmacs, _SLOWFAST)


def _resnet3d(
    shape: tuple[int, int, int, int], classes: int, parameters: int, gmacs: float, source: str, **options: Any
) -> Published:
    return Published("ResNet3d", options, shape, classes, parameters, gmacs, source)


_I3D_TIMES = {
    "temporal_kernels": {"conv1": 5, "layer1": 3, "layer2": (3, 1), "layer3": (3, 1), "layer4": (1, 3)},
    "temporal_strides": {"conv1": 2, "maxpool": 2, "pool2": 2},
}


def _non_local(mode: str, parameters: int, gmacs: float) -> Published:
    block = {"type": "NonLocal"} if mode == "embedded_gaussian" else {"type": "NonLocal", "mode": mode}
    attention = {"attention": {"layer2": block, "layer3": block}}
    attention_after = {"attention_after": {"layer2": (1, 3), "layer3": (1, 3, 5)}}
    options = {**_I3D_TIMES, **attention, **attention_after}
    return _resnet3d(_CLIP_32, _KINETICS, parameters, gmacs, _NON_LOCAL, **options)


def _in_branches(
    block: str, parameters: int, gmacs: float | None, source: str, difference: str = "", **options: Any
) -> Published:
    attention = {f"layer{stage}": {"type": block, **options} for stage in (1, 2, 3, 4)}
    return Published(
        "ResNet3d", {"attention": attention}, (3, 1, 224, 224), 1000, parameters, gmacs, source, difference
    )


CNN3D = (
    Published("C3d", {}, _CLIP_16_SMALL, 101, 78_409_573, 38.547, "Tran et al. 2015, C3D; counted in mmaction2"),
    Published(
        *("C3d", {"pool5_padding": False}, _CLIP_16_SMALL, 101, 63_729_509, None),
        "Tran et al. 2015, C3D without padding of the last pool, as the paper prints it",
    ),
    Published("InceptionI3d", {}, _CLIP_64, _KINETICS, 12_697_264, 111.153, _I3D),
    Published("InceptionI3d", {}, _CLIP_16, _KINETICS, 12_697_264, 27.788, _I3D),
    Published("InceptionI3d", {}, (2, 64, 224, 224), _KINETICS, 12_675_312, 102.341, _I3D),
    _torchvision("r3d_18", 33_371_472, 40.697),
    _torchvision("mc3_18", 11_695_440, 43.343),
    _torchvision("r2plus1d_18", 31_505_325, 40.519),
    Published("TorchvisionVideo", {"network": "s3d"}, _CLIP_16, _KINETICS, 8_320_048, 17.979, _S3D),
    Published("TorchvisionVideo", {"network": "s3d"}, _CLIP_64, _KINETICS, 8_320_048, 71.916, _S3D),
    _mmaction2("r2plus1d_r34", _CLIP_8, 63_759_281, 40.561, "Tran et al. 2018, R(2+1)D; counted in mmaction2"),
    _mmaction2("i3d_r50", _CLIP_32, 28_043_472, 33.127, _NON_LOCAL),
    _mmaction2("i3d_r50_heavy", _CLIP_32, 33_024_208, 126.781, _NON_LOCAL),
    _mmaction2("i3d_r50_nl_dot_product", _CLIP_32, 35_397_840, 44.338, _NON_LOCAL),
    _mmaction2("i3d_r50_nl_embedded_gaussian", _CLIP_32, 35_397_840, 44.338, _NON_LOCAL),
    _mmaction2("i3d_r50_nl_gaussian", _CLIP_32, 31_723_728, 41.722, _NON_LOCAL),
    _mmaction2("c2d_r50", _CLIP_8, 24_327_632, 19.289, _NON_LOCAL),
    _mmaction2("slowonly_r50", (3, 4, 224, 224), 32_454_096, 20.870, _SLOWFAST),
    _mmaction2("slowonly_r50", _CLIP_8, 32_454_096, 41.740, _SLOWFAST),
    _slowfast("slowfast_r50_4x16", 34_479_288, 27.638),
    _slowfast("slowfast_r50_8x8", 34_565_560, 50.308),
    _slowfast("slowfast_r101_8x8", 62_912_312, 96.710),
    _mmaction2("ipcsn_r152", _CLIP_32, 33_016_592, 83.294, _CSN),
    _mmaction2("ircsn_r152", _CLIP_32, 29_703_568, 74.045, _CSN),
    _mmaction2("ircsn_r50", _CLIP_32, 13_131_152, 42.308, _CSN),
    _mmaction2("x3d", (3, 13, 160, 160), 3_794_322, 1.961, _X3D, _X3D_HEAD),
    _mmaction2("x3d", _CLIP_16, 3_794_322, 4.731, _X3D, _X3D_HEAD),
    Published(
        *("ConvNet3d", {}, _CLIP_16_SMALL, _KINETICS, 79_000_000, None),
        *("Carreira and Zisserman 2017, 3D-ConvNet", "the paper prints whole millions of parameters"),
    ),
    Published(
        *("P3d", {}, (3, 16, 160, 160), _KINETICS, 66_492_240, None),
        "Qiu et al. 2017, P3D-199; parameters counted in the public port to PyTorch",
    ),
    Published(
        *("MfNet", {}, _CLIP_16, 200, 7_840_000, 11.17),
        "Chen et al. 2018, Multi-Fiber Networks",
        "the paper prints 0.01 million parameters, and 1.1 % more operations than convolutions and layers have",
    ),
    _mmaction2("tanet_r50", _CLIP_8, 25_590_320, 32.754, "Liu et al. 2021, TAM; counted in mmaction2"),
    _resnet3d((3, 3, 224, 224), _KINETICS, 24_327_632, 12.261, "Wang et al. 2016, TSN; counted in mmaction2"),
    _resnet3d(_CLIP_32, _KINETICS, 28_043_472, 33.127, _NON_LOCAL, **_I3D_TIMES),
    _resnet3d(_CLIP_8, _KINETICS, 32_454_096, 41.740, _SLOWFAST, temporal_kernels={"layer3": 3, "layer4": 3}),
    _non_local("embedded_gaussian", 35_397_840, 44.338),
    _non_local("dot_product", 35_397_840, 44.338),
    _non_local("gaussian", 31_723_728, 41.722),
    _in_branches("SqueezeExcitation", 28_088_024, 4.090, "Hu et al. 2018, SE; parameters counted in timm"),
    _in_branches("Cbam", 28_090_000, None, "Woo et al. 2018, CBAM", _CBAM_ROUNDED, mlp_bias=True),
    Published(
        *("RgbPosePathway", {"pathway": "rgb", "lateral": False}, _CLIP_8, 60, 31_757_436, 41.740, _RGB_POSE),
    ),
    Published(
        *("RgbPosePathway", {"pathway": "pose", "lateral": False}, (17, 32, 56, 56), 60, 2_024_860, 11.333, _RGB_POSE),
    ),
)
