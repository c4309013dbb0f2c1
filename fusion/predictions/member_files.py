"""Loading of the files of a fusion: predictions, and score pickles of other projects beside them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from triad.fusion.predictions.predictions import Predictions
from triad.fusion.predictions.score_files import SampleLabels, read_score_file, to_predictions
from triad.modalities.checks import check_file, fail

SUFFIXES = (".pkl", ".pickle")


def is_score_file(word: str) -> bool:
    """Return whether a word of a command line names a score pickle: ``NAME=FILE.pkl``."""
    return Path(word).suffix.lower() in SUFFIXES


def load_members(
    words: Sequence[str], *, ids_file: str | Path | None = None, samples: SampleLabels | None = None
) -> list[Predictions]:
    """Load predictions files, and score pickles as streams of the same samples.

    Labels, classes and groups of the pickles' samples are those of the first predictions file, or ``samples`` where
    there is none.

    Args:
        words: paths of predictions files, and ``NAME=FILE.pkl`` of score pickles, NAME being the stream.
        ids_file: file of ids, one a line, in the order of the samples of every pickle without names.
        samples: samples of a prepared dataset.

    Raises:
        InputError: If a file does not fit, a pickle has no stream, or nothing says what its samples are.
    """
    loaded = {word: Predictions.load(word) for word in words if not is_score_file(word)}
    if len(loaded) == len(words):
        if ids_file is not None:
            cure = "leave it out: predictions files have the ids of their samples"
            fail(f"list of ids '{ids_file}'", "come with a score pickle", "predictions files alone", cure)
        return [loaded[word] for word in words]
    if loaded:
        samples = SampleLabels.from_predictions(next(iter(loaded.values())))
    if samples is None:
        cure = "give a predictions file beside them, or the prepared dataset to --data"
        fail("score pickles", "have labels and classes", "none, only scores", cure)
    ids = None if ids_file is None else read_ids(ids_file)
    members = []
    for word in words:
        if not is_score_file(word):
            members.append(loaded[word])
            continue
        stream, separator, path = word.partition("=")
        if not separator or not stream or "/" in stream:
            fail(f"score pickle '{word}'", "name its stream", "a path alone", f"write skeleton={word}")
        members.append(to_predictions(read_score_file(path), samples, stream=stream, ids=ids))
    return members


def read_ids(path: str | Path) -> list[str]:
    """Read ids, one a line; empty lines do not count.

    Raises:
        InputError: If the file is missing or no text.
    """
    path = check_file("list of ids", path, "write one id a line")
    try:
        lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError as error:
        fail(f"list of ids '{path}'", "be UTF-8 text", str(error))
    return [line.strip() for line in lines if line.strip()]
