"""Wrong usage exits with 2, unfit input with 1; both name the cure."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("train.py x.py --daat d", "No such option '--daat'. Did you mean '--data'?"),
        ("train.py", "Missing argument 'CONFIG'"),
        ("test.py x.py y.pth --spilt val", "'--split'?"),
        ("test.py x.py y.pth --split val --split test --dump p.npz", "several splits need '{split}' in --dump"),
        ("extract.py d --flow dsi", "got 'dsi' (did you mean 'dis'?)"),
        ("prepare.py minihom d", "No such command 'minihom' (did you mean 'minihome'?)"),
        ("prepare.py", "name a dataset (see --help), or a folder to --check"),
        ("fuse.py t.npz", "give --fit VAL... to learn from, or --weights W..."),
        ("doctor.py --jsn", "Did you mean '--json'?"),
    ],
)
def test_wrong_usage_exits_with_2(command, words, message):
    code, out, err = command(*words.split())
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("extract.py D/none --flow dis", "'D/none/index.json', which does not exist; prepare the dataset again"),
        ("extract.py D --flow raft_small", "weights of raft_small must be given, got none; give it with --weights"),
        ("extract.py D --flow raft_small --weights D/index.json", "'D/index.json' must load with weights_only=True"),
        ("prepare.py jhmdb D D/out", "must hold splits/<class>_test_split1.txt, got none in 'D'; give the folder"),
        ("prepare.py minihome D --clips 0", "must be at least 1, got 0"),
        ("prepare.py --check D/none", "'D/none/index.json', which does not exist"),
        ("fuse.py D/none.npz --fit v.npz", "'D/none.npz', which does not exist; write it with triad test"),
        ("fuse.py D/index.json --fit v.npz", "'D/index.json' must be a readable .npz"),
        ("fuse.py D/skeleton/left_s01.npz --fit v.npz", "must be a predictions file, got a file without ids"),
    ],
)
def test_unfit_input_exits_with_1(command, one_line, data, words, message):
    code, out, err = command(*words.replace("D", str(data)).split())
    assert (code, out) == (1, "")
    assert message.replace("D", str(data)) in one_line(err)


def test_misspelt_method_names_the_nearest(command, one_line, scored):
    code, _, err = command("fuse.py", scored("t", range(8)), "--fit", scored("v", range(8)), "--method", "wieghted")
    assert code == 1
    assert "(did you mean 'weighted'?)" in one_line(err)


def test_interrupt_says_how_to_continue(command, monkeypatch, data):
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("triad.modalities.extraction.one_video.extract_video", interrupt)
    code, out, err = command("extract.py", data, "--flow", "dis", "--workers", 1)
    assert (code, out) == (1, "")
    assert err.splitlines()[-1] == "interrupted; finished work is kept, run the same command again to continue"
