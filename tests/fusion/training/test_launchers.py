"""Variables of launchers, as torchrun, Slurm and Open MPI set them."""

from __future__ import annotations

import pytest
import torch

from triad.fusion.training.launchers import current_launcher, first_host, is_first_process, prepare_environment
from triad.modalities.checks import InputError

SLURM = {
    "SLURM_PROCID": "5",
    "SLURM_NTASKS": "8",
    "SLURM_LOCALID": "1",
    "SLURM_NODELIST": "gpu[01-02]",
    "SLURM_JOB_ID": "4812345",
}


@pytest.fixture
def without_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)


@pytest.mark.parametrize(
    ("hosts", "first"),
    [
        ("gpu01", "gpu01"),
        ("gpu[01-04,07],login", "gpu01"),
        ("a,b[1-2]", "a"),
        ("r[2,4-6]n[10-12]-ib,x", "r2n10-ib"),
        ("", ""),
    ],
)
def test_first_of_slurm_host_list(hosts, first):
    assert first_host(hosts) == first


def test_slurm_variables_become_ranks(without_gpu):
    environment = dict(SLURM)
    prepare_environment("slurm", environment)
    assert environment == SLURM | {
        "RANK": "5",
        "WORLD_SIZE": "8",
        "LOCAL_RANK": "1",
        "MASTER_ADDR": "gpu01",
        "MASTER_PORT": "22345",
    }


def test_set_meeting_point_stays(without_gpu):
    environment = SLURM | {"MASTER_ADDR": "10.0.0.1", "MASTER_PORT": "5000"}
    prepare_environment("slurm", environment)
    assert (environment["MASTER_ADDR"], environment["MASTER_PORT"]) == ("10.0.0.1", "5000")


def test_only_visible_gpu_is_number_zero(monkeypatch):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    environment = SLURM | {"SLURM_LOCALID": "3"}
    prepare_environment("slurm", environment)
    assert (environment["SLURM_LOCALID"], environment["LOCAL_RANK"]) == ("0", "0")


def test_mpi_variables_become_ranks():
    names = {"RANK": "1", "SIZE": "2", "LOCAL_RANK": "1"}
    environment = {f"OMPI_COMM_WORLD_{name}": value for name, value in names.items()}
    with pytest.raises(InputError, match="MASTER_ADDR of --launcher mpi must be set, got none; mpirun -x MASTER_ADDR"):
        prepare_environment("mpi", environment)
    prepare_environment("mpi", environment | {"MASTER_ADDR": "node1"})


def test_missing_variables_are_named():
    with pytest.raises(InputError, match="SLURM_PROCID, SLURM_LOCALID of --launcher slurm must be set to a number"):
        prepare_environment("slurm", {"SLURM_NTASKS": "2", "SLURM_PROCID": "x"})
    with pytest.raises(InputError, match=r"RANK, WORLD_SIZE, LOCAL_RANK of .* got none; start it with torchrun"):
        prepare_environment("pytorch", {})


def test_torchrun_needs_no_option(monkeypatch):
    monkeypatch.delenv("TORCHELASTIC_RUN_ID", raising=False)
    monkeypatch.setenv("SLURM_PROCID", "0")
    assert current_launcher() == "none"
    monkeypatch.setenv("TORCHELASTIC_RUN_ID", "none")
    assert current_launcher() == "pytorch"


def test_first_process_by_launcher(monkeypatch):
    monkeypatch.setenv("RANK", "1")
    monkeypatch.setenv("SLURM_PROCID", "0")
    assert [is_first_process(launcher) for launcher in ("none", "pytorch", "slurm")] == [True, False, True]
