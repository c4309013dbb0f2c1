"""Values of options as users of Python and of mmengine write them."""

import pytest

from triad.fusion.training.config.option_values import parse_value
from triad.modalities.checks import InputError


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("-1e-3", -1e-3),
        ("None", None),
        ("a.pth", "a.pth"),
        ("runs/a,b.pth", "runs/a,b.pth"),
        ("", ""),
        ("[1, -2]", [1, -2]),
        ("(28,28)", (28, 28)),
        ("[a,b]", ["a", "b"]),
        ("[rgb, torch.optim]", ["rgb", "torch.optim"]),
        ("[{'type': 'EMAHook'}]", [{"type": "EMAHook"}]),
        ("[dict(type='EMAHook', begin=2)]", [{"type": "EMAHook", "begin": 2}]),
        ("dict(a=dict(b=[1]))", {"a": {"b": [1]}}),
        ("1,2", (1, 2)),
    ],
)
def test_values_are_read(text, value):
    assert parse_value("key", text) == value


@pytest.mark.parametrize(
    "text",
    [
        "[dict(type=]",
        "{'a': open('x')}",
        "[1, 2",
        "dict(1)",
        "[x for x in y]",
        "{**a}",
        "dict(a=1, **b)",
        "{[1]: 2}",
        "[" * 500,
    ],
)
def test_other_containers_are_refused(text):
    with pytest.raises(InputError, match="config option 'key' must be a list, a tuple or a dict of plain values, got"):
        parse_value("key", text)
