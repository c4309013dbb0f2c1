"""Export of the joints of one record as OpenPose's JSON, a file a frame."""

from __future__ import annotations

from pathlib import Path

from triad.fusion.datasets.annotation_export import entries_of_record
from triad.fusion.index import Index
from triad.modalities.checks import fail
from triad.modalities.clips import Source
from triad.modalities.modality import get_modality
from triad.modalities.skeleton import PoseLoader, get_layout
from triad.modalities.skeleton.readers import write_openpose


def export_openpose(index: Index, record_id: str, folder: Path) -> dict[str, str]:
    """Write the first stream of joints of a record whose place in the picture is known.

    Returns:
        the ``stream`` and the ``layout`` that was written.

    Raises:
        InputError: If there is no such record, or none of its streams has joints in pixels, or the folder is not empty.
        StorageError: If the disk is full or the folder is not writable.
    """
    record = index.record(record_id)
    errors: list[str] = []
    for stream, entry in record["sources"].items():
        info = index.metainfo["streams"][stream]
        if not get_modality(info["modality"]).has_joints:
            continue
        source = Source.from_record(entry, index.root)
        poses = PoseLoader(get_layout(info["layout"])).load(source, entries_of_record(record, source))
        if get_layout(poses.layout).dims == 3 and poses.pixels is None:
            errors.append(f"stream '{stream}' is in metres without pixels")
            continue
        return {"stream": stream, "layout": write_openpose(folder, poses, name=record_id)}
    got = "; ".join(errors) or "none"
    fail(f"record '{record_id}'", "have joints in pixels", got, "estimate them: triad extract OUT --pose NAME")
