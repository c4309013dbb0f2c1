from __future__ import annotations

from importlib.metadata import version

from triad.fusion.environment import Check, MissingError, examine


def probe_that_raises(error: BaseException):
    def probe() -> str:
        raise error

    return probe


def test_checks_do_not_stop_each_other():
    def noisy() -> str:
        print("output of a library that is imported")
        return "1.0"

    checks = [
        Check("crash", probe_that_raises(OSError("cannot load libx.so\nsecond line")), "repair it", required=False),
        Check("absent", probe_that_raises(MissingError("no GPU")), "buy it", required=False),
        Check("package", lambda: version("no-such-distribution"), required=False),
        Check("fine", noisy, "never shown"),
    ]
    assert examine(checks) == {
        "ok": True,
        "checks": [
            {
                "name": "crash",
                "status": "broken",
                "detail": "OSError: cannot load libx.so (optional)",
                "cure": "repair it",
            },
            {"name": "absent", "status": "missing", "detail": "no GPU (optional)", "cure": "buy it"},
            {
                "name": "package",
                "status": "missing",
                "detail": "no-such-distribution is not installed (optional)",
                "cure": "make setup",
            },
            {"name": "fine", "status": "ok", "detail": "1.0", "cure": ""},
        ],
    }
