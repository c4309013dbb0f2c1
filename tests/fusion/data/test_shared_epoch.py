"""Random generators that depend on seed, epoch and names alone."""

from torch.utils.data import DataLoader, Dataset

from triad.fusion.data import SharedEpoch
from triad.modalities.seeding import derive_rng


def draws(epoch: SharedEpoch, *names: str | int) -> list[float]:
    return epoch.rng(*names).uniform(size=3).tolist()


def test_generator_depends_on_all_names():
    epoch = SharedEpoch(seed=3)
    assert draws(epoch, "a", 8) == derive_rng(3, 0, "a", 8).uniform(size=3).tolist()
    assert draws(epoch, "a", 8) == draws(SharedEpoch(seed=3), "a", 8)
    assert draws(epoch, "a", 8) != draws(epoch, "b", 8)
    assert draws(epoch, "a", 8) != draws(epoch, "a", 9)


def test_epoch_changes_draws_and_returns():
    epoch = SharedEpoch(seed=3)
    first_epoch = draws(epoch, "a")
    epoch.set(1)
    assert (epoch.seed, epoch.epoch) == (3, 1)
    assert draws(epoch, "a") != first_epoch
    epoch.set(0)
    assert draws(epoch, "a") == first_epoch


def test_set_may_change_the_seed():
    epoch = SharedEpoch(seed=3)
    epoch.set(2, seed=7)
    assert (epoch.seed, epoch.epoch) == (7, 2)
    assert draws(epoch, "a") == derive_rng(7, 2, "a").uniform(size=3).tolist()


class Draws(Dataset):
    """One sample: a number drawn in the worker."""

    def __init__(self) -> None:
        self.epoch = SharedEpoch(seed=3)

    def __len__(self) -> int:
        return 1

    def __getitem__(self, position: int) -> float:
        return self.epoch.rng("a").uniform()


def test_living_worker_sees_new_epoch():
    dataset = Draws()
    loader = DataLoader(dataset, num_workers=1, persistent_workers=True)
    for epoch in (0, 1):
        dataset.epoch.set(epoch)
        assert [batch.item() for batch in loader] == [dataset[0]]
