from triad.modalities.seeding import derive_rng, derive_seed


def test_seed_is_the_documented_hash():
    assert derive_seed(0, 1, "clip") == 3456104388672660808
    assert derive_seed("ab", "c") != derive_seed("a", "bc")


def test_generator_depends_on_every_part():
    draws = {derive_rng(*keys).integers(1 << 60) for keys in [(0, 0, "a"), (1, 0, "a"), (0, 1, "a"), (0, 0, "b")]}
    assert len(draws) == 4
