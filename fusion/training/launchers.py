"""Launchers of distributed training: torchrun, Slurm's srun and mpirun, and where their processes meet."""

from __future__ import annotations

import os
import re
from collections.abc import MutableMapping

import torch

from triad.modalities.checks import fail

LAUNCHERS = ("none", "pytorch", "slurm", "mpi")
_RANKS = {
    "pytorch": ("RANK", "WORLD_SIZE", "LOCAL_RANK"),
    "slurm": ("SLURM_PROCID", "SLURM_NTASKS", "SLURM_LOCALID"),
    "mpi": ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK"),
}
"""Variables in which a launcher says number, sum and number on its machine of a process."""
_STARTERS = {"pytorch": "torchrun", "slurm": "srun", "mpi": "mpirun of Open MPI"}


def current_launcher() -> str:
    """Return ``pytorch`` in a process that torchrun has started, else ``none``.

    Slurm's variables say less: a script that sbatch starts has them as well, and is one process.
    """
    return "pytorch" if "TORCHELASTIC_RUN_ID" in os.environ else "none"


def is_first_process(launcher: str) -> bool:
    """Return whether this process writes the checkpoints, of several that a launcher starts."""
    return launcher == "none" or os.environ.get(_RANKS[launcher][0], "0") == "0"


def prepare_environment(launcher: str, environment: MutableMapping[str, str] | None = None) -> None:
    """Set ``RANK``, ``WORLD_SIZE``, ``LOCAL_RANK``, ``MASTER_ADDR`` and ``MASTER_PORT`` from a launcher's variables.

    Processes of Slurm meet on the first machine of the job, at a port from the number of the job, so that two jobs of
    one machine do not meet. Where Slurm shows each process only its own GPU, that is number 0. What is set already
    stays.

    Args:
        launcher: ``pytorch``, ``slurm`` or ``mpi``.
        environment: variables, which are changed; None for those of the process.

    Raises:
        InputError: If a variable of the launcher is missing.
    """
    environment = os.environ if environment is None else environment
    missing = [name for name in _RANKS[launcher] if not environment.get(name, "").isdecimal()]
    if missing:
        cure = f"start it with {_STARTERS[launcher]}"
        fail(f"{', '.join(missing)} of --launcher {launcher}", "be set to a number", "none", cure)
    if launcher == "pytorch":
        return
    rank, world_size, local_rank = (environment[name] for name in _RANKS[launcher])
    if launcher == "slurm":
        num_gpus = torch.cuda.device_count()
        if num_gpus:
            local_rank = environment["SLURM_LOCALID"] = str(int(local_rank) % num_gpus)
        environment.setdefault("MASTER_ADDR", first_host(environment.get("SLURM_NODELIST", "")) or "127.0.0.1")
        job = environment.get("SLURM_JOB_ID", "0")
        environment.setdefault("MASTER_PORT", str(20000 + (int(job) if job.isdecimal() else 0) % 10000))
    elif "MASTER_ADDR" not in environment:
        fail("MASTER_ADDR of --launcher mpi", "be set", "none", "mpirun -x MASTER_ADDR=HOST, the first machine")
    environment.setdefault("MASTER_PORT", "29500")
    environment.update(RANK=rank, WORLD_SIZE=world_size, LOCAL_RANK=local_rank)


def first_host(hosts: str) -> str:
    """Return the first name of Slurm's list of machines: ``gpu01`` of ``gpu[01-04,07],login``."""
    first = re.match(r"(?:[^,\[]|\[[^\]]*\])*", hosts)
    return re.sub(r"\[([^\],-]*)[^\]]*\]", r"\1", first.group() if first else "")
