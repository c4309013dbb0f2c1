"""Objects: boxes, classes and scores of detected objects over time, their files, reader, transform and network.

A box is ``(x1, y1, x2, y2)`` in pixels, counted from the corner of the frame. The order of the objects of a frame means
nothing, and nothing says which object of one frame is which of the next.
"""

from triad.modalities.objects.clip import ObjectClip
from triad.modalities.objects.reader import ObjectReader
from triad.modalities.objects.vocabularies import VOCABULARIES, get_vocabulary

__all__ = ["VOCABULARIES", "ObjectClip", "ObjectReader", "get_vocabulary"]
