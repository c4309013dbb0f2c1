"""Values of ``--cfg-options``: Python literals, ``dict(…)`` and lists of names as mmengine's users write them."""

from __future__ import annotations

import ast
from typing import Any

from triad.modalities.checks import fail


def parse_value(key: str, text: str) -> Any:
    """Return the value of an option: ``3``, ``[1,2]``, ``{'type': 'EMAHook'}``, ``[dict(type='EMAHook')]``, ``[a,b]``.

    Anything else is text.

    Args:
        key: name of the option in errors.
        text: text after the equals sign.

    Raises:
        InputError: If the text begins as a list, a tuple or a dict, and is none.
    """
    try:
        node = ast.parse(text.strip(), mode="eval").body
        if isinstance(node, ast.List | ast.Tuple | ast.Dict | ast.Set | ast.Call):
            return _evaluate(node)
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):  # TypeError: a list as a key
        if text.strip()[:1] in ("[", "{", "(") or text.strip().startswith("dict("):
            cure = "quote it for the shell: --cfg-options \"custom_hooks=[dict(type='EMAHook')]\""
            fail(f"config option '{key}'", "be a list, a tuple or a dict of plain values", f"'{text}'", cure)
        return text


def _evaluate(node: ast.expr) -> Any:
    """Return the value of a container; names in it are text, as mmengine reads ``[a,b]``.

    Raises:
        ValueError: If it holds anything but containers, names and literals.
    """
    if isinstance(node, ast.List):
        return [_evaluate(child) for child in node.elts]
    if isinstance(node, ast.Tuple):
        return tuple(_evaluate(child) for child in node.elts)
    if isinstance(node, ast.Dict) and None not in node.keys:
        pairs = zip(node.keys, node.values, strict=True)
        return {_evaluate(key): _evaluate(value) for key, value in pairs if key is not None}
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict" and not node.args:
        if any(word.arg is None for word in node.keywords):
            raise ValueError("** of a name")
        return {word.arg: _evaluate(word.value) for word in node.keywords}
    if isinstance(node, ast.Name | ast.Attribute):
        return ast.unparse(node)
    return ast.literal_eval(node)
