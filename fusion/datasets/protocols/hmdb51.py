"""HMDB51: the three official splits (Kuehne et al. 2011), 70 clips to train and 30 to test of every class; a fifth of
the training films validates."""

from fusion.datasets.protocols.rules import official

PROTOCOLS = {f"split{number}": official(f"split{number}", carve=0.2) for number in (1, 2, 3)}
PUBLISHED = {name: {"train+val": 3570, "test": 1530} for name in PROTOCOLS}
