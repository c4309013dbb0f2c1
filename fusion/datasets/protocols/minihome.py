"""MiniHome: people, or a camera, new to the model."""

from fusion.datasets.protocols.rules import by_field

PROTOCOLS = {
    "cross_subject": by_field(
        "subject",
        val={"s04", "s11", "s17"},
        test={"s02", "s05", "s07", "s10", "s13", "s15", "s18", "s20"},
    ),
    "cross_view": by_field("camera", val={"c2"}, test={"c3"}),
}
