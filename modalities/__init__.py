"""From a file to a feature map, one modality at a time.

Lives here: clips and the clock they are read on, readers, flow and pose estimation, stores, encoders.
May import: torch, the third-party libraries of ``setup.cfg`` and itself. Never imports ``fusion`` or ``tools``;
``rgb``, ``flow`` and ``skeleton`` never import each other. A test walks the imports.

Axes in every docstring: ``B`` batch, ``M`` person, ``C`` channel, ``T`` time, ``H`` ``W`` image, ``V`` joint.
Pixels are ``(x, y)`` from the top left, flow is ``(u, v)`` in pixels, times are seconds, 3D joints are metres in
the camera frame (x right, y down, z away from the camera).
"""
