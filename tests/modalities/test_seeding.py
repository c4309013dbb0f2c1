from modalities.seeding import rng_of, seed_of


def test_seeds_are_the_same_on_every_machine():
    assert seed_of(0, 1, "clip") == 3456104388672660808
    assert seed_of("ab", "c") != seed_of("a", "bc")


def test_generators_depend_on_every_part():
    draws = {rng_of(*parts).integers(1 << 60) for parts in [(0, 0, "a"), (1, 0, "a"), (0, 1, "a"), (0, 0, "b")]}
    assert len(draws) == 4
