import pytest
import torch

from triad.modalities.skeleton.present_persons import map_present_persons, mean_over_persons, present_persons


def test_first_person_always_counts() -> None:
    valid = torch.tensor([[[False, True], [False, False]], [[False, False], [True, True]]])
    assert present_persons(valid).tolist() == [[True, False], [True, True]]


@pytest.mark.parametrize("exporting", [False, True])
def test_absent_persons_become_zeros(exporting: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.compiler, "is_exporting", lambda: exporting)
    rows = []

    def network(x: torch.Tensor) -> torch.Tensor:
        rows.append(len(x))
        return x + 1

    data = torch.arange(4.0).view(2, 2, 1, 1, 1)
    valid = torch.tensor([[[True], [False]], [[True], [True]]])
    assert map_present_persons(network, data, valid).flatten().tolist() == [1, 0, 3, 4]
    assert rows == ([4] if exporting else [3])


def test_mean_is_of_present_persons():
    vectors = torch.tensor([[[1.0], [3.0], [8.0]]] * 3)
    valid = torch.tensor([[[True], [True], [False]], [[False], [False], [True]], [[False], [False], [False]]])
    assert mean_over_persons(vectors, valid).flatten().tolist() == [2.0, 8.0, 1.0]
