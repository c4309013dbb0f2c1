"""Configs: reading, checking for misspelt fields, fitting to a prepared dataset or a checkpoint."""

from triad.fusion.training.config.build_config import build_config, has_multi_label_loss, share_streams
from triad.fusion.training.config.loading import load_config
from triad.fusion.training.config.stored_config import restore_config, store_config

__all__ = ["build_config", "has_multi_label_loss", "load_config", "restore_config", "share_streams", "store_config"]
