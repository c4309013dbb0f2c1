from triad.fusion.training.loader_profile import LoaderProfile

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
        "more workers (now 1): --cfg-options train_dataloader.num_workers=…"
    )


def test_slow_model_sets_the_speed():
    profile = LoaderProfile(STAGES, loader_rate=50.0, model_rate=29.4, num_workers=4, batch_size=8)
    assert profile.conclusion.endswith("the model sets the speed, most of it forward + backward")
