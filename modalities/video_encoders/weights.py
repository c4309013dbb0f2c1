"""Published weights of third-party networks, loaded from a local file without running code from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from torch import Tensor, nn

from modalities.checks import fail
from modalities.safe_load import read_tensors
from modalities.state_dict import check_state_dict

_CURE = "give the published file of this network, or re-save its weights alone: torch.save({'state_dict': weights}, …)"


def average_input_channels(kernel: Tensor, in_channels: int) -> Tensor:
    """Return the kernel of a first convolution for another number of channels: the mean over its own, repeated.

    Cross-modality initialisation (Wang et al. 2016, Temporal Segment Networks, §3.1): RGB kernels serve flow.

    Args:
        kernel: kernel of the published convolution.
        in_channels: number of input channels of the new convolution.

    Shapes: ``[O, I, …]`` -> ``[O, in_channels, …]``.
    """
    return kernel.mean(1, keepdim=True).repeat_interleave(in_channels, 1)


def load_published(
    network: nn.Module,
    path: str | Path,
    *,
    input_kernel: str,
    classifier: tuple[str, ...] = (),
    prefix: str = "",
    rename: Callable[[str], str] = str,
) -> None:
    """Load a checkpoint into a network, key for key; only the classifier may be missing on either side.

    Args:
        network: third-party network, built for this encoder's number of input channels.
        path: path of a file with a state dict, or with one under ``"state_dict"``.
        input_kernel: key of the first convolution's kernel; it is averaged where the number of channels differs.
        classifier: prefixes of keys that are left out.
        prefix: prefix of the file's keys; other keys are left out (mmaction2 stores its head beside ``backbone.``).
        rename: function from a key of the file to the network's.

    Raises:
        InputError: for a file that is missing, holds more than tensors, or has other keys or shapes.
    """
    content = read_tensors(path, subject="weights file", cure=_CURE)
    if isinstance(content, Mapping) and "state_dict" in content:
        content = content["state_dict"]
    if not isinstance(content, Mapping):
        fail(f"weights file '{path}'", "hold a state dict", type(content).__name__, _CURE)

    expected = {key: value for key, value in network.state_dict().items() if not _is_left_out(key, classifier)}
    loaded = {key.removeprefix(prefix): value for key, value in content.items() if key.startswith(prefix)}
    loaded = {rename(key): value for key, value in loaded.items()}
    loaded = {key: value for key, value in loaded.items() if not _is_left_out(key, classifier)}
    kernel = loaded.get(input_kernel)
    if kernel is not None and kernel.ndim > 1 and kernel.shape[1] != expected[input_kernel].shape[1]:
        loaded[input_kernel] = average_input_channels(kernel, expected[input_kernel].shape[1])
    named_as_in_file = ({prefix + key: value for key, value in state.items()} for state in (expected, loaded))
    check_state_dict(*named_as_in_file, subject=f"weights file '{path}'", cure=_CURE)
    network.load_state_dict(loaded, strict=False)


def _is_left_out(key: str, classifier: tuple[str, ...]) -> bool:
    """Return True for keys of the classifier and of BatchNorm's counters, which old files lack and nothing reads."""
    return key.startswith(classifier) or key.endswith("num_batches_tracked")
