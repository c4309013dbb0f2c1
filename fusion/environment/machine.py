"""Probes of what the machine has beside Python's packages: GPU, compiler, downloaded weights. None is required."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig

from triad import CONFIGS
from triad.fusion.environment.check import MissingError


def check_gpu() -> str:
    """Check the GPU with an addition."""
    import torch

    if not torch.cuda.is_available():
        raise MissingError("torch finds no GPU; everything runs on the CPU")
    torch.ones(1, device="cuda").add_(1).item()
    bf16 = "with" if torch.cuda.is_bf16_supported() else "without"
    return f"{torch.cuda.get_device_name()}, {bf16} bf16"


def check_published_weights() -> str:
    """Check which published weights files of the leaf configs lie in the cache of torch.hub; none is needed."""
    from triad.fusion.training.config import build_config
    from triad.fusion.training.zoo import find_leaves, weights_of
    from triad.modalities.weights.published_files import PublishedFile

    leaves = find_leaves(CONFIGS)
    rows = [row for path in leaves for row in weights_of(build_config(path))]
    files = {file.name: file for file in (PublishedFile(row["url"], row["data"], row["file"]) for row in rows)}
    there = [name for name, file in files.items() if file.cached.exists()]
    if not there:
        raise MissingError(f"none of {len(files)} files is in torch.hub's cache; everything trains without them")
    return f"{len(there)} of {len(files)} files are in torch.hub's cache: {', '.join(there)}"


def check_compiler() -> str:
    """Check the compiler of ``torch.compile``, whose C++ includes Python's headers."""
    names = [os.environ.get("CXX", ""), "g++", "clang++", "c++"]
    compiler = next((path for name in names if name and (path := shutil.which(name))), None)
    if compiler is None:
        raise MissingError("no C++ compiler, so no torch.compile; everything runs without it")
    command = [compiler, "-x", "c++", "-fsyntax-only", f"-I{sysconfig.get_path('include')}", "-"]
    process = subprocess.run(command, input="#include <Python.h>\n#include <omp.h>\n", text=True, capture_output=True)
    if process.returncode:
        raise RuntimeError(f"{compiler}: {process.stderr.strip()}")
    return compiler
