"""UTD-MHAD: people new to the model. Chen et al. 2015 train on the odd subjects; subject 7 of them validates."""

from fusion.datasets.protocols.rules import by_field, leave_one_out

PROTOCOLS = {
    "cross_subject": by_field("subject", val={"s7"}, test={"s2", "s4", "s6", "s8"}),
    **leave_one_out("subject", tuple(f"s{number}" for number in range(1, 9))),
}
PUBLISHED = {"cross_subject": {"train+val": 431, "test": 430}}
