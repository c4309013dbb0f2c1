"""Old checkpoints are removed once the new one is written, not before."""

from mmengine.logging import MessageHub

from triad.fusion.training.hooks.outdated_files import OUTDATED, OutdatedFiles


def test_removal_waits_until_asked(tmp_path):
    old = tmp_path / "epoch_1.pth"
    old.write_bytes(b"weights")
    hub = MessageHub("removal")
    backend = OutdatedFiles(hub)
    backend.remove(str(old))
    assert old.is_file()
    assert hub.get_info(OUTDATED) == ["epoch_1.pth"]
    backend.remove_outdated()
    assert not old.exists()
    assert hub.get_info(OUTDATED) == []


def test_names_never_leave_the_folder(tmp_path):
    outside = tmp_path / "outside.pth"
    outside.touch()
    folder = tmp_path / "work"
    folder.mkdir()
    for name in ("epoch_1.pth", "epoch_2.pth", "notes.txt", "outside.pth"):
        (folder / name).touch()
    hub = MessageHub("names")
    hub.update_info(OUTDATED, ["epoch_1.pth", "/elsewhere/epoch_2.pth", "../outside.pth", "notes.txt", 7])
    OutdatedFiles(hub).take_over(folder, {"epoch_2.pth"})
    assert sorted(path.name for path in folder.iterdir()) == ["epoch_2.pth", "notes.txt"]
    assert outside.exists()
