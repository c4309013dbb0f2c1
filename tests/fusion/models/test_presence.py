from __future__ import annotations

import torch

from triad.fusion.models.preprocessor import Preprocessor
from triad.fusion.models.presence import PRESENCE, find_presence, presence_of

PRESENT = torch.tensor([True, False, True])
VALID = torch.tensor([[[True], [False]], [[True], [True]], [[False], [True]]])  # [B, M, T]


def test_persons_are_counted_among_present_samples():
    presence = find_presence({"present": PRESENT, "valid": VALID})
    assert presence.samples == (0, 2)
    assert presence.rows.tolist() == [0, 2]
    assert presence.persons is not None
    assert presence.persons.tolist() == [0, 2, 3]  # the first person of a sample always counts


def test_pictures_have_no_persons():
    assert find_presence({"present": PRESENT, "valid": torch.ones(3, 4, dtype=torch.bool)}).persons is None


def test_changed_mask_is_read_anew():
    batch = Preprocessor(transforms={}).to_device({"skeleton": {"present": PRESENT, "valid": VALID}})
    entry = batch["skeleton"]
    assert presence_of(entry) is entry[PRESENCE]
    assert presence_of({**entry, "present": torch.tensor([False, True, False])}).samples == (1,)
    assert presence_of({**entry, "valid": VALID.clone()}).persons is None


def test_batch_is_prepared_once():
    preprocessor = Preprocessor(transforms={})
    batch = preprocessor.to_device(
        {"skeleton": {"present": PRESENT, "valid": VALID}, "view": {"noise": torch.zeros(3)}}
    )
    again = preprocessor.to_device(batch)
    assert again["skeleton"][PRESENCE].rows is batch["skeleton"][PRESENCE].rows
    assert again["view"] == {}
