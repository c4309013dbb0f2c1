import os
import pickle
from collections import OrderedDict
from typing import Any

import numpy as np
import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.pickled_tensors import read_tensor_pickle


class Call:
    """Pickles as a call of a function, as an attacker would write it."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> Any:
        return self.call


TENSORS = {
    "float": torch.tensor([[0.1, 0.9], [0.5, 0.5]]),
    "half": torch.tensor([1.5, -2.0]).half(),
    "bfloat16": torch.tensor([1.5, -2.0]).bfloat16(),
    "double": torch.tensor(3.5, dtype=torch.float64),
    "label": torch.tensor([7]),
    "int": torch.tensor([-3], dtype=torch.int32),
    "bool": torch.tensor([True, False]),
    "transposed": torch.arange(6.0).reshape(2, 3).T,
    "part": torch.arange(10.0)[2:9:3],
    "empty": torch.zeros(0, 3),
}


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("name", TENSORS)
def test_tensors_become_arrays(name: str, protocol: int) -> None:
    tensor = TENSORS[name]
    (value,) = read_tensor_pickle("a.pkl", pickle.dumps([tensor], protocol=protocol))
    expected = (tensor.float() if name == "bfloat16" else tensor).numpy()
    np.testing.assert_array_equal(value, expected)
    assert value.dtype == expected.dtype


def test_arrays_and_plain_values_stay() -> None:
    value = {"a": np.arange(3), "b": [1, "x", None], "c": OrderedDict(d=1)}
    result = read_tensor_pickle("a.pkl", pickle.dumps(value))
    np.testing.assert_array_equal(result.pop("a"), value.pop("a"))
    assert result == value


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (Call(os.system, "true"), "got 'posix.system'"),
        (Call(torch.load, "x"), "got 'torch.serialization.load'"),
        (torch.nn.Linear(1, 1), "got 'torch.nn"),
        (Call(torch.storage._load_from_bytes, pickle.dumps(Call(os.system, "true"))), "got 'posix.system'"),
        (Call(torch.storage._load_from_bytes, b"no storage"), "be a pickle of plain values|hold plain values only"),
        (Call(torch._utils._rebuild_tensor_v2, [1.0], 0, (1,), (1,), False, OrderedDict()), "storage, size or stride"),
    ],
)
def test_hostile_pickles_are_refused(value: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_tensor_pickle("a.pkl", pickle.dumps([value]))


@pytest.mark.parametrize(
    ("size", "stride", "message"),
    [
        ((5,), (1,), "a tensor that ends at 4 of a storage of 3"),
        ((2,), (-1,), "size or stride"),
        ((1 << 30,), (0,), "not hold so many objects for its size"),
        ((1 << 40, 1 << 40), (0, 0), "not hold so many objects for its size"),
    ],
)
def test_shapes_must_fit_the_storage(size: tuple[int, ...], stride: tuple[int, ...], message: str) -> None:
    storage = torch.tensor([1.0, 2.0, 3.0]).storage()
    hostile = Call(torch._utils._rebuild_tensor_v2, storage, 0, size, stride, False, OrderedDict())
    with pytest.raises(InputError, match=message):
        read_tensor_pickle("a.pkl", pickle.dumps(hostile))


def test_array_is_no_storage() -> None:
    """Rows without a column are many and hold no bytes."""
    hostile = Call(torch._utils._rebuild_tensor_v2, np.zeros((99, 0)), 0, (99,), (1,), False, OrderedDict())
    with pytest.raises(InputError, match=r"got ValueError: a storage of shape \[99, 0\]"):
        read_tensor_pickle("a.pkl", pickle.dumps(hostile))


def test_repeated_storages_are_counted() -> None:
    stored = torch.zeros(1 << 18).storage().__reduce__()[1][0]
    assert len(read_tensor_pickle("a.pkl", pickle.dumps([Call(torch.storage._load_from_bytes, stored)]))[0]) == 1 << 18
    with pytest.raises(InputError, match="not hold so many objects for its size"):
        read_tensor_pickle("a.pkl", pickle.dumps([Call(torch.storage._load_from_bytes, stored) for _ in range(99)]))


def test_cut_files_are_refused() -> None:
    data = pickle.dumps([torch.tensor([0.25, 0.75])], protocol=2)
    for end in range(0, len(data), 7):
        with pytest.raises(InputError):
            read_tensor_pickle("a.pkl", data[:end])
