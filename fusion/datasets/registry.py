"""Registry of datasets: one line a dataset, whose file is imported when the dataset is first used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from triad.modalities.checks import check_choice

if TYPE_CHECKING:
    from triad.fusion.datasets.protocols import Protocol

Counts = Mapping[str, Mapping[str, int]]
"""``{protocol: {split, or splits joined by "+": number}}``."""


class PrepareOption(NamedTuple):
    """Option of the preparation of a dataset, on the command line and as a keyword of ``Dataset.prepare``.

    Attributes:
        name: keyword, and option without its dashes.
        default: value without the option, which also sets its type.
        help: sentence for ``--help``.
        choices: permitted values; empty if any will do.
    """

    name: str
    default: Any
    help: str
    choices: tuple[str, ...] = ()


SKELETON_DTYPE = PrepareOption(
    "dtype",
    "float32",
    "Number format of the packed skeletons; float16 takes half the space and keeps 2 mm at four metres.",
    ("float16", "float32"),
)


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """A dataset: its preparation, its protocols and its published figures.

    Args:
        name: name in the index and on the command line.
        files: files that ``prepare`` reads, one sentence for ``--help``.
        prepare: function from the paths that ``arguments`` name, the keywords of ``options`` and ``progress`` to the
            report of the preparation: ``records``, their number, ``dropped``, ``[{"id", "reason"}]``, and more.
        arguments: names of the paths on the command line, the output folder last.
        options: further options of ``prepare``.
        protocols: ``{name: protocol}``.
        published_counts: records of each split, as published or as the official lists have them.
        published_video_counts: recordings (``source_video``) of each split, where records are cut from recordings.
        max_persons: number of persons that models read from a sample.
        is_known_duplicate: function from two ids to whether the clips are equal in the dataset as it circulates.
        is_custom: whether the recordings are the user's own, so that each index has one of the ``protocols``.
    """

    name: str
    files: str
    prepare: Callable[..., dict[str, Any]]
    arguments: tuple[str, ...] = ("source", "out")
    options: tuple[PrepareOption, ...] = ()
    protocols: Mapping[str, Protocol]
    published_counts: Counts = field(default_factory=dict)
    published_video_counts: Counts = field(default_factory=dict)
    max_persons: int = 1
    is_known_duplicate: Callable[[str, str], bool] = lambda first, second: False
    is_custom: bool = False


class DatasetEntry(NamedTuple):
    """Line of the registry.

    Attributes:
        title: name of the dataset in its paper.
        module: module that defines the :class:`Dataset` under its name in capitals.
    """

    title: str
    module: str


DATASETS = {
    "minihome": DatasetEntry("MiniHome, the embedded simulated flat", "triad.fusion.datasets.minihome.prepare"),
    "minihome_untrimmed": DatasetEntry(
        "MiniHome in videos of a minute", "triad.fusion.datasets.minihome.untrimmed.prepare"
    ),
    "smarthome": DatasetEntry("Toyota Smarthome", "triad.fusion.datasets.smarthome"),
    "tsu": DatasetEntry("Toyota Smarthome Untrimmed", "triad.fusion.datasets.tsu"),
    "ntu60": DatasetEntry("NTU RGB+D", "triad.fusion.datasets.ntu"),
    "ntu120": DatasetEntry("NTU RGB+D 120", "triad.fusion.datasets.ntu"),
    "nucla": DatasetEntry("Northwestern-UCLA", "triad.fusion.datasets.nucla"),
    "utd_mhad": DatasetEntry("UTD-MHAD", "triad.fusion.datasets.utd_mhad"),
    "florence3d": DatasetEntry("Florence 3D Actions", "triad.fusion.datasets.florence3d"),
    "etri_activity3d": DatasetEntry("ETRI-Activity3D", "triad.fusion.datasets.etri_activity3d"),
    "msr_daily_activity3d": DatasetEntry("MSR DailyActivity3D", "triad.fusion.datasets.msr_daily_activity3d"),
    "pku_mmd": DatasetEntry("PKU-MMD, phase 1", "triad.fusion.datasets.pku_mmd"),
    "ucf101": DatasetEntry("UCF101", "triad.fusion.datasets.ucf101"),
    "hmdb51": DatasetEntry("HMDB51", "triad.fusion.datasets.hmdb51"),
    "jhmdb": DatasetEntry("J-HMDB", "triad.fusion.datasets.jhmdb"),
    "charades": DatasetEntry("Charades", "triad.fusion.datasets.charades"),
    "breakfast": DatasetEntry("Breakfast", "triad.fusion.datasets.breakfast"),
    "salads50": DatasetEntry("50 Salads", "triad.fusion.datasets.salads50"),
    "kinetics_skeleton": DatasetEntry("Kinetics-skeleton", "triad.fusion.datasets.kinetics_skeleton"),
    "folder": DatasetEntry("Your own clips", "triad.fusion.datasets.folder"),
    "skeletons": DatasetEntry("Skeletons without videos, own or published", "triad.fusion.datasets.skeletons"),
    "table": DatasetEntry("Your own recordings", "triad.fusion.datasets.table"),
    "webdataset": DatasetEntry("Your own tar shards", "triad.fusion.datasets.webdataset"),
}


def get_dataset(name: str) -> Dataset:
    """Return the dataset of that name.

    Raises:
        InputError: naming the nearest dataset, if there is none of that name.
    """
    entry = DATASETS[check_choice("dataset", name, DATASETS)]
    return getattr(import_module(entry.module), name.upper())


def get_protocols(name: str) -> Mapping[str, Protocol]:
    """Return the protocols of a dataset by their names; none for a dataset that is not in the registry."""
    return get_dataset(name).protocols if name in DATASETS else {}
