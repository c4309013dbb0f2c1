"""Registry of the skeleton files that are read; every door (datasets, tables, prediction) takes what is in it.

A new format is a reader in a file of this folder and an entry of ``FORMATS``; the README's table is made of them.
"""

from __future__ import annotations

from pathlib import Path

from triad.modalities.skeleton.readers.annotations import open_annotations
from triad.modalities.skeleton.readers.bvh import read_bvh
from triad.modalities.skeleton.readers.c3d import is_c3d, read_c3d
from triad.modalities.skeleton.readers.coco_keypoints import read_coco_keypoints
from triad.modalities.skeleton.readers.ctrgcn_arrays import open_ctrgcn
from triad.modalities.skeleton.readers.etri import read_etri
from triad.modalities.skeleton.readers.florence import read_florence
from triad.modalities.skeleton.readers.keypoint_csv import read_keypoint_csv
from triad.modalities.skeleton.readers.kinect_json import read_kinect_json
from triad.modalities.skeleton.readers.kinetics import SIZE, read_kinetics
from triad.modalities.skeleton.readers.landmarks_json import read_landmarks_json
from triad.modalities.skeleton.readers.lcrnet import read_lcrnet
from triad.modalities.skeleton.readers.matlab_clip import read_matlab_clip
from triad.modalities.skeleton.readers.msr_daily import read_msr_daily
from triad.modalities.skeleton.readers.npy import read_npy
from triad.modalities.skeleton.readers.npz import read_npz_recording
from triad.modalities.skeleton.readers.ntu import read_ntu
from triad.modalities.skeleton.readers.nucla import read_nucla
from triad.modalities.skeleton.readers.openpose import read_openpose
from triad.modalities.skeleton.readers.pku import read_pku
from triad.modalities.skeleton.readers.recognition import (
    is_alphapose_images,
    is_annotations,
    is_csv,
    is_kinect,
    is_landmarks,
    is_ntu,
    is_number,
    is_openpose,
)
from triad.modalities.skeleton.readers.recording import ReadOptions, SkeletonRecording, check_layout_of
from triad.modalities.skeleton.readers.skeleton_format import SkeletonFormat, reader_of_poses
from triad.modalities.skeleton.readers.stgcn_array import open_stgcn, split_files
from triad.modalities.skeleton.readers.utd import read_utd

NPY = b"\x93NUMPY"
MATLAB = b"MATLAB 5.0"


def _read_kinetics(path: Path, options: ReadOptions) -> SkeletonRecording:
    size = options.size or SIZE
    return SkeletonRecording(check_layout_of(path, read_kinetics(path, size=size), options), size)


FORMATS: dict[str, SkeletonFormat] = {
    entry.name: entry
    for entry in (
        SkeletonFormat(
            name="openpose",
            files="folder of `*_keypoints.json`, or one of them",
            written_by="OpenPose (`--write_json`)",
            reads="BODY_25, COCO-18 or 17 joints, several people, gaps; `pose_keypoints_3d` for a 3D layout",
            leaves_out="hands, face, MPI-15",
            recognise=is_openpose,
            read=read_openpose,
        ),
        SkeletonFormat(
            name="coco",
            files="`alphapose-results.json` in all its forms, COCO keypoints `.json`, mmpose's predictions",
            written_by="AlphaPose, mmpose, COCO's results and annotations",
            reads="17, 26 (Halpe) and the body of 133 and 136 joints, tracks where they are named, sizes of images",
            leaves_out="hands, face, boxes, segmentation",
            recognise=lambda head: (
                (head.has_keys("keypoints") and b'"image_id"' in head.start)
                or head.has_keys("images", "annotations")
                or head.has_keys("instances", "keypoints")
                or is_alphapose_images(head)
            ),
            read=read_coco_keypoints,
            ends_early=True,
        ),
        SkeletonFormat(
            name="kinect",
            files="`.json` of frames with bodies",
            written_by="Azure Kinect body tracking samples, Kinect v2 recorders",
            reads="32 (Azure), 25 (v2) or 20 joints by order or name, ids of bodies, tracking states, times",
            leaves_out="orientations, hand states, floor",
            recognise=is_kinect,
            read=read_kinect_json,
        ),
        SkeletonFormat(
            name="kinetics",
            files="`VIDEO.json`",
            written_by="Kinetics-skeleton (ST-GCN), and one's own in its form",
            reads="18 joints of OpenPose, the first five people, fractions of the frame (340×256 unless known)",
            leaves_out="labels, which lie in `kinetics_*_label.json` (`prepare kinetics_skeleton`)",
            layout="openpose18",
            recognise=lambda head: head.has_keys("data") and (b'"frame_index"' in head.start),
            read=_read_kinetics,
        ),
        SkeletonFormat(
            name="nucla",
            files="`.json`",
            written_by="Northwestern-UCLA as skeleton networks circulate it",
            reads="20 Kinect joints of one person",
            leaves_out="–",
            layout="kinect20",
            recognise=lambda head: head.has_keys("skeletons"),
            read=reader_of_poses(read_nucla),
        ),
        SkeletonFormat(
            name="lcrnet",
            files="`.json`",
            written_by="Toyota Smarthome, LCR-Net++",
            reads="13 joints in metres and pixels, several people",
            leaves_out="refined poses of release 1.2",
            layout="smarthome13",
            recognise=lambda head: head.has_keys("frames") and (b'"pose3d"' in head.start or b'"njts"' in head.start),
            read=reader_of_poses(read_lcrnet),
        ),
        SkeletonFormat(
            name="mediapipe",
            files="`.json` or `.jsonl` of frames with landmarks",
            written_by="MediaPipe tasks and solutions in Python or JavaScript, tfjs",
            reads="33 world landmarks (metres), else image landmarks (fractions, pixels), `fps`, `timestamp_ms`",
            leaves_out="hands, face, depth of image landmarks, segmentation",
            recognise=is_landmarks,
            read=read_landmarks_json,
        ),
        SkeletonFormat(
            name="etri",
            files="`.csv` with `joint1_3dX` …",
            written_by="ETRI-Activity3D",
            reads="25 Kinect joints in metres, tracking states, several bodies",
            leaves_out="other columns",
            layout="ntu25",
            recognise=lambda head: b"joint1_3dx" in head.start[:4096].lower(),
            read=reader_of_poses(read_etri),
        ),
        SkeletonFormat(
            name="csv",
            files="`.csv`, `.tsv`, `.txt` with a header",
            written_by="MediaPipe scripts, one's own tables",
            reads="columns `JOINT_x`, `JOINT_y`, `_z`, `_score`, or rows `joint`, `x`, `y`; `frame`, `time`, `person`",
            leaves_out="other columns",
            recognise=is_csv,
            read=read_keypoint_csv,
        ),
        SkeletonFormat(
            name="ntu",
            files="`.skeleton`",
            written_by="NTU RGB+D 60 and 120",
            reads="25 joints in metres, colour pixels, tracking states, several bodies",
            leaves_out="orientations, hand states, depth pixels",
            layout="ntu25",
            recognise=is_ntu,
            read=reader_of_poses(read_ntu),
        ),
        SkeletonFormat(
            name="msr_daily",
            files="`.txt`",
            written_by="MSR DailyActivity3D",
            reads="20 Kinect joints in metres, several bodies",
            leaves_out="fractions of the picture",
            layout="kinect20",
            recognise=lambda head: len(head.line(0)) == 2 and len(head.line(1)) == 1 and len(head.line(2)) in (1, 4),
            read=reader_of_poses(read_msr_daily),
        ),
        SkeletonFormat(
            name="pku",
            files="`.txt`",
            written_by="PKU-MMD",
            reads="150 numbers a line: 25 joints of two bodies",
            leaves_out="–",
            layout="ntu25",
            recognise=lambda head: len(head.line()) == 150 and all(map(is_number, head.line())),
            read=reader_of_poses(read_pku),
        ),
        SkeletonFormat(
            name="florence",
            files="`.txt`",
            written_by="Florence 3D Actions",
            reads="lines `x y z` in millimetres, 15 a frame",
            leaves_out="–",
            layout="florence15",
            recognise=lambda head: len(head.line()) == 3 and all(map(is_number, head.line())),
            read=reader_of_poses(read_florence),
        ),
        SkeletonFormat(
            name="utd",
            files="`.mat` with `d_skel`",
            written_by="UTD-MHAD",
            reads="20 Kinect joints of one person",
            leaves_out="–",
            layout="kinect20",
            recognise=lambda head: head.start.startswith(MATLAB) and "_skeleton" in head.path.name,
            read=reader_of_poses(read_utd),
        ),
        SkeletonFormat(
            name="mat",
            files="`.mat` (version 5)",
            written_by="MATLAB, scipy",
            reads="the one array `[joints, 3, frames]`, `[frames, joints, 3]` or `[frames, joints × 3]`",
            leaves_out="structures, cells, version 7.3",
            recognise=lambda head: head.start.startswith(MATLAB),
            read=read_matlab_clip,
        ),
        SkeletonFormat(
            name="bvh",
            files="`.bvh`",
            written_by="motion capture, animation programs",
            reads="joints by name into `h36m17` or the layout that is named, frame time",
            leaves_out="joints that the layout lacks, rotations",
            recognise=lambda head: head.line()[:1] == [b"HIERARCHY"],
            read=read_bvh,
        ),
        SkeletonFormat(
            name="c3d",
            files="`.c3d`",
            written_by="Vicon, Qualisys, OptiTrack, CMU's captures",
            reads=(
                "markers of Plug-in Gait and CMU, joint centres, markers named as joints, into `h36m17` or the layout "
                "that is named; units, rate, gaps, axes of the screen, people (`NAME:LASI`); with the package `c3d`"
            ),
            leaves_out="analog channels, events, other markers",
            recognise=is_c3d,
            read=read_c3d,
        ),
        SkeletonFormat(
            name="stgcn",
            files="`{train,val,test}_data.npy` + `*_label.pkl`",
            written_by="ST-GCN, 2s-AGCN (`*_data_joint.npy`)",
            reads="a whole dataset: arrays [N, C, T, V, M], names, labels, splits",
            leaves_out="bones, motion (they are computed)",
            recognise=lambda head: head.start.startswith(NPY) and bool(split_files(head.path)),
            open=open_stgcn,
        ),
        SkeletonFormat(
            name="npy",
            files="`.npy`",
            written_by="numpy",
            reads="one clip [T, V, C] or [M, T, V, C]; `layout` names the joints",
            leaves_out="–",
            recognise=lambda head: head.start.startswith(NPY),
            read=read_npy,
        ),
        SkeletonFormat(
            name="ctrgcn",
            files="`NTU60_CS.npz` …",
            written_by="CTR-GCN and its successors",
            reads="a whole dataset: `x_train`, `y_train`, `x_test`, `y_test`",
            leaves_out="names of clips, which the file lacks",
            recognise=lambda head: head.holds_arrays and (b"x_train.npy" in head.start or b"x_test.npy" in head.start),
            open=open_ctrgcn,
        ),
        SkeletonFormat(
            name="npz",
            files="`.npz`",
            written_by="numpy, this project",
            reads="one clip: `keypoints` [M, T, V, C], `scores`, `pixels`; `layout` names the joints",
            leaves_out="other arrays",
            recognise=lambda head: head.holds_arrays,
            read=read_npz_recording,
        ),
        SkeletonFormat(
            name="annotations",
            files="`.pkl`",
            written_by="pyskl, mmaction2, `prepare --export`",
            reads="a whole dataset in 2D or 3D: clips, labels, every split as a protocol; nothing in it is executed",
            leaves_out="objects other than arrays and plain containers",
            recognise=is_annotations,
            open=open_annotations,
        ),
    )
}
"""Formats by name; the first that recognises a file reads it."""
