import numpy as np

from triad.modalities.clips import RgbClip, Source, Span
from triad.modalities.live import FileSource, StreamSampling


class NumberReader:
    """Reader whose frames hold the numbers of the entries."""

    modality = "rgb"
    frame_size = (1, 1)

    def read(self, source, times, valid):
        data = source.locate(times)[:, None, None, None].repeat(3, axis=-1).astype(np.uint8)
        return RgbClip(data, times, valid)

    def blank(self, times):
        return RgbClip(np.zeros((len(times), 1, 1, 3), np.uint8), times, np.zeros(len(times), bool))


def test_clip_is_read_from_the_file():
    times = np.array([0.1, 0.7])
    sampling = StreamSampling(times, np.ones(2, bool), Source("d", 5, fps=5.0), np.array([0, 3]))
    source = FileSource()
    assert source.frame_range(sampling, Span(0, 1)) is None
    assert source.clip(NumberReader(), sampling, Span(0, 1)).data[:, 0, 0, 0].tolist() == [0, 3]


def test_absent_stream_is_blank():
    sampling = StreamSampling(np.zeros(1), np.ones(1, bool), None, np.zeros(0, int))
    assert not FileSource().clip(NumberReader(), sampling, Span(0, 1)).valid.any()
