"""J-HMDB: the three official splits; a fifth of the training sources validates."""

from fusion.datasets.protocols.rules import official

PROTOCOLS = {f"split{number}": official(f"split{number}", carve=0.2) for number in (1, 2, 3)}
