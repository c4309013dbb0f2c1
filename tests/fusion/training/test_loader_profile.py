import time

from torch.utils.data import DataLoader, Dataset

from triad.fusion.training.loader_profile import LoaderProfile, measure_loader_rate

STAGES = {
    "decode": 50.0,
    "resize": 20.0,
    "collate": 10.0,
    "transfer": 1.0,
    "device transform": 3.0,
    "forward + backward": 30.0,
}


def test_slow_loader_asks_for_workers():
    profile = LoaderProfile(STAGES, loader_rate=12.5, model_rate=29.4, num_workers=1, batch_size=8)
    assert profile.conclusion == (
        "the loader gives 12.5 batches/s, the model takes 29.4/s: the loader starves the model, most of it decode; "
        "more workers (now 1): --workers …"
    )


def test_slow_model_sets_the_speed():
    profile = LoaderProfile(STAGES, loader_rate=50.0, model_rate=29.4, num_workers=4, batch_size=8)
    assert profile.conclusion.endswith("the model sets the speed, most of it forward + backward")


class SlowDataset(Dataset):
    """Eight samples that take 20 ms each."""

    def __len__(self) -> int:
        return 8

    def __getitem__(self, position: int) -> int:
        time.sleep(0.02)
        return position


def test_rate_counts_no_prefetched_batches():
    """Two workers give at most 100 samples a second; those that wait when the clock starts seem to be thousands."""
    loader = DataLoader(SlowDataset(), num_workers=2, batch_size=1, multiprocessing_context="fork")
    assert 20 < measure_loader_rate(loader, 4) <= 100
