"""Hook that refuses a config whose model and datasets read different streams."""

from __future__ import annotations

from mmengine.hooks import Hook
from mmengine.runner import Runner

from triad.fusion.training.config.config_checks import LOADERS
from triad.modalities.checks import fail
from triad.modalities.registry import HOOKS


@HOOKS.register_module()
class SharedStreamsHook(Hook):
    """Compares ``streams`` and ``data`` of the config with those of its model and dataloaders before anything runs.

    A leaf hands one ``streams`` to the model and to all datasets. ``--cfg-options`` of mmengine's own tools can change
    one of them alone; training would then read what the model was not built for.

    Raises:
        InputError: naming the path that differs.
    """

    def before_run(self, runner: Runner) -> None:
        config = runner.cfg
        cure = "change both, or use triad train, where --cfg-options streams.… and data.… reach all of them"
        datasets = {f"{loader}.dataset": (config.get(loader) or {}).get("dataset") for loader in LOADERS}
        readers = {"model": config.get("model"), **datasets}
        for path, node in readers.items():
            if "streams" in config and node is not None and node.get("streams") != config["streams"]:
                fail(f"config '{path}.streams'", "be 'streams' of the config", "another", cure)
        for path, node in datasets.items():
            for key, value in (config.get("data") or {}).items():
                if node is not None and node.get(key) != value:
                    fail(f"config '{path}.{key}'", f"be '{value}' as data.{key}", f"'{node.get(key)}'", cure)
