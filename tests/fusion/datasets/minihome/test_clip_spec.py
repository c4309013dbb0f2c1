"""Both classes of a pair share everything but their noise."""

from triad.fusion.datasets.minihome import CLASSES, SUBJECTS, ClipSpec


def test_pair_shares_room_but_not_noise() -> None:
    first = ClipSpec(5, 8, "s03", 1)
    second = ClipSpec(5, 9, "s03", 1)
    assert first.pair_rng("room").random() == second.pair_rng("room").random()
    assert first.clip_rng("sensor").random() != second.clip_rng("sensor").random()


def test_both_classes_have_same_cameras() -> None:
    for label in range(0, len(CLASSES), 2):
        for subject in SUBJECTS:
            names = [ClipSpec(0, label, subject, repetition).camera.name for repetition in (1, 2, 3)]
            assert sorted(names) == ["c1", "c2", "c3"]
            assert names == [ClipSpec(0, label + 1, subject, repetition).camera.name for repetition in (1, 2, 3)]
