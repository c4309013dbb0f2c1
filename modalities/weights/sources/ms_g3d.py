"""MS-G3D: key names of kenziyuliu/MS-G3D for ``MsG3d``."""

from __future__ import annotations

from torch import Tensor

from triad.modalities.weights.sources.source import Source, Tensors, Translation


def _move_graph(translation: Translation, target: str, source: str) -> None:
    """Move a multi-scale graph convolution, whose scales lie in one axis with the joints or channels.

    Shapes: ``A_res`` ``[K·V, V]`` -> ``[K, V, V]``; the kernel ``[O, K·C, 1, 1]`` -> ``[O, C, K, 1]``.
    """

    def split_joints(residual: Tensor) -> Tensor:
        return residual.unflatten(0, (-1, residual.shape[1]))

    scales = translation.length(f"{source}.A_res")

    def split_scales(kernel: Tensor) -> Tensor:
        return kernel.flatten(1).unflatten(1, (scales, -1)).transpose(1, 2)[..., None].contiguous()

    translation.tensor(f"{target}.learned", f"{source}.A_res", split_joints)
    translation.tensor(f"{target}.conv.weight", f"{source}.mlp.layers.0.weight", split_scales)
    translation.tensor(f"{target}.conv.bias", f"{source}.mlp.layers.0.bias")
    translation.module(f"{target}.norm", f"{source}.mlp.layers.1")


def _move_temporal(translation: Translation, target: str, source: str) -> None:
    """Move the six branches of a temporal convolution and its residual."""
    names = {f"branches.dilated.{branch}": f"branches.{branch}.3.conv" for branch in range(4)}
    names |= {"branches.plain": "branches.5.0", "residual.0": "residual.conv", "residual.1": "residual.bn"}
    translation.modules(f"{target}.", f"{source}.", names)
    branches = f"{source}.branches"
    translation.join(f"{target}.branches.reduce", [f"{branches}.{branch}.0" for branch in range(5)])
    translation.join(f"{target}.branches.reduce_norm", [f"{branches}.{branch}.1" for branch in range(5)])
    last_norms = (*(f"{branch}.3.bn" for branch in range(4)), "4.4", "5.1")
    translation.join(f"{target}.branches.norm", [f"{branches}.{norm}" for norm in last_norms])


def _drop_depth(kernel: Tensor) -> Tensor:
    """``[O, C, 1, W, 1]`` -> ``[O, C, W, 1]``."""
    return kernel.squeeze(2)


def _convert(weights: Tensors) -> dict[str, Tensor]:
    """The fixed adjacency is not in the file: the layout must be the one of its training."""
    translation = Translation(weights)
    translation.module("data_norm", "data_bn")
    for index, source in enumerate(translation.blocks("sgcn{}.")):
        block = f"blocks.{index}."
        number = source.removeprefix("sgcn").removesuffix(".")
        _move_graph(translation, f"{block}spatial", f"{source}0")
        for layer in (1, 2):
            _move_temporal(translation, f"{block}temporal.{layer - 1}", f"{source}{layer}")
        for window_index, window in enumerate(translation.blocks(f"gcn3d{number}.gcn3d.{{}}.")):
            target = f"{block}windows.{window_index}"
            _move_graph(translation, f"{target}.graph", f"{window}gcn3d.1")
            translation.tensor(f"{target}.collapse.weight", f"{window}out_conv.weight", _drop_depth)
            translation.tensor(f"{target}.collapse.bias", f"{window}out_conv.bias")
            translation.module(f"{target}.norm", f"{window}out_bn")
        _move_temporal(translation, f"{block}last", f"tcn{number}")
    return translation.result()


MS_G3D = Source("MS-G3D of kenziyuliu/MS-G3D", ("sgcn1.0.A_res", "gcn3d1.gcn3d.0.out_conv.weight"), _convert)
