from triad.fusion.rendering.style import font, wrap_name


def test_names_break_after_underscores():
    letters = font(14, bold=True)
    assert wrap_name("skeleton", letters, 10) == ["skeleton"]
    lines = wrap_name("flow_raft_small_fast_at240", letters, 139)
    assert lines == ["flow_raft_small_", "fast_at240"]
    assert max(letters.getlength(line) for line in lines) <= 139
