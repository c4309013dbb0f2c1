"""Commands: ``triad NAME``, or ``python tools/NAME.py`` in a clone. Each parses, calls one function and prints."""
