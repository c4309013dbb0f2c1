"""Playlists named as videos open no connection: FFmpeg follows addresses only out of what came from an address."""

from __future__ import annotations

import socket
import threading

import pytest

from triad.fusion.inference.live_video import LiveVideo
from triad.modalities.checks import InputError
from triad.modalities.video import probe

HLS = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://127.0.0.1:{port}/a.ts\n#EXT-X-ENDLIST\n"
PLAYLISTS = {
    "a.mp4": HLS,
    "a.m3u8": HLS,
    "a.avi": "ffconcat version 1.0\nfile 'http://127.0.0.1:{port}/a.ts'\n",
    "a.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video {port} RTP/AVP 96\n",
    "a.mkv": '<asx version="3.0"><entry><ref href="http://127.0.0.1:{port}/a.ts"/></entry></asx>',
}


@pytest.fixture
def listener():
    """Port of this machine, and the list of those who connected to it."""
    connections = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            try:
                while True:
                    connections.append(server.accept())
            except OSError:  # the server was closed
                pass

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield server.getsockname()[1], connections
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def test_listener_sees_a_connection(listener):
    port, connections = listener
    with socket.create_connection(("127.0.0.1", port)):
        pass
    for _ in range(100):
        if connections:
            break
        threading.Event().wait(0.02)
    assert len(connections) == 1


@pytest.mark.parametrize("name", PLAYLISTS)
@pytest.mark.parametrize("open_video", [probe, lambda path: LiveVideo(str(path))])
def test_playlists_open_no_connection(listener, tmp_path, name, open_video):
    port, connections = listener
    (tmp_path / name).write_text(PLAYLISTS[name].format(port=port))
    with pytest.raises(InputError):
        open_video(tmp_path / name)
    assert connections == []
