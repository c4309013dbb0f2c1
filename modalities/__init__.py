"""Everything from a file to a feature map, one modality at a time: clips, readers, estimators, stores and encoders.

Axes in every docstring: ``B`` batch, ``M`` person, ``C`` channel, ``T`` time, ``H`` ``W`` image, ``V`` joint.
Pixels are ``(x, y)`` from the top left, flow is ``(u, v)`` in pixels, times are seconds, 3D joints are metres in
the camera frame (x right, y down, z away from the camera).
"""

from triad.modalities import picture_size, telemetry

telemetry.switch_off()  # before any library that it is about
picture_size.limit_size()

from triad.modalities import registry  # noqa: E402 mmengine finds "triad.NAME" once this package is imported

__all__ = ["registry"]

if __name__ == "modalities":  # a second copy of every module, whose classes would be registered twice
    raise ImportError("import triad.modalities: in a clone the folder modalities is only where its sources lie")
