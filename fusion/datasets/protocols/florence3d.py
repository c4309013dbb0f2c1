"""Florence 3D Actions: ten folds, each tested on an actor who is new to the model (Seidenari et al. 2013)."""

from fusion.datasets.protocols.rules import leave_one_out

ACTORS = tuple(f"s{number}" for number in range(1, 11))

PROTOCOLS = leave_one_out("subject", ACTORS)
PUBLISHED = {name: {"train+val+test": 215} for name in PROTOCOLS}
