"""README: each page is there once."""

import re
from collections import Counter
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"


def test_every_heading_is_there_once() -> None:
    pages = re.sub(r"^```.*?^```", "", README.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    counts = Counter(re.findall(r"^#+ .*", pages, re.MULTILINE))
    assert [heading for heading, count in counts.items() if count > 1] == []
    assert "## Datasets" in counts
