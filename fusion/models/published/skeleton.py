"""Published figures of skeleton networks."""

from __future__ import annotations

from triad.fusion.models.published.record import AUTHORS, Published

_CTRGCN = f"Chen et al. 2021, CTR-GCN; {AUTHORS}"
_EARLY_MEAN = "this CTR-GCN takes the mean over time before the relations, which saves MACs"
_STGCNPP = "Duan et al. 2022, ST-GCN++; counted in mmaction2"
_SGN = f"Zhang et al. 2020, SGN; {AUTHORS}"

SKELETON = (
    Published(
        *("StGcn", {"layout": "ntu25_agcn"}, (2, 3, 300, 25), 60, 3_098_832, 17.093),
        f"Yan et al. 2018, ST-GCN; {AUTHORS}",
    ),
    Published(
        *("StGcn", {"layout": "openpose18"}, (2, 3, 300, 18), 400, 3_177_140, 12.133),
        f"Yan et al. 2018, ST-GCN; {AUTHORS}",
    ),
    Published(
        *("TwoStreamAgcn", {"layout": "ntu25_agcn"}, (2, 3, 300, 25), 60, 3_469_510, 19.407),
        f"Shi et al. 2019, 2s-AGCN, one stream; {AUTHORS}",
    ),
    Published(
        *("TwoStreamAgcn", {"layout": "smarthome15_agcn", "person_norms": 1}, (1, 3, 400, 15), 31, 3_449_847, 7.624),
        f"Shi et al. 2019, 2s-AGCN, one stream, on Toyota Smarthome; {AUTHORS}",
    ),
    Published(
        *("Aagcn", {"layout": "ntu25_agcn"}, (2, 3, 300, 25), 60, 3_781_668, 19.414),
        f"Shi et al. 2020, AAGCN; {AUTHORS}",
    ),
    Published("CtrGcn", {"layout": "ntu25_agcn"}, (2, 3, 64, 25), 60, 1_446_672, 1.939, _CTRGCN, _EARLY_MEAN),
    Published("CtrGcn", {"layout": "ntu25_agcn"}, (2, 3, 64, 25), 120, 1_462_092, 1.939, _CTRGCN, _EARLY_MEAN),
    Published(
        *("CtrGcn", {"layout": "kinect20", "person_norms": 1}, (1, 3, 64, 20), 10, 1_426_892, 0.753),
        *(_CTRGCN, _EARLY_MEAN),
    ),
    Published(
        *("MsG3d", {"layout": "ntu25_agcn"}, (2, 3, 300, 25), 60, 3_194_595, 32.772),
        f"Liu et al. 2020, MS-G3D; {AUTHORS}",
    ),
    Published("Sgn", {"layout": "ntu25"}, (1, 3, 20, 25), 60, 691_048, None, _SGN),
    Published("Sgn", {"layout": "ntu25"}, (1, 3, 20, 25), 120, 721_828, None, _SGN),
    Published(
        *("ShiftGcn", {"layout": "ntu25"}, (2, 3, 300, 25), 60, 757_182, 3.569),
        f"Cheng et al. 2020, Shift-GCN; {AUTHORS}, without its shift in time",
        "this Shift-GCN computes 66,891 of the parameters, which are tables or kept at zero, and shifts in time by "
        "a convolution, which is counted",
    ),
    Published(
        *("Hyperformer", {"layout": "ntu25"}, (2, 3, 64, 25), 60, 2_729_194, 5.273),
        f"Zhou et al. 2022, Hyperformer; {AUTHORS}",
        "this Hyperformer multiplies the query once with the sum of key and body part, which saves MACs",
    ),
    Published(
        *("SkeletonLstm", {"layout": "smarthome13"}, (1, 3, 30, 13), 31, 5_328_896 + 513 * 31, None),
        "Das et al. 2019, Toyota Smarthome; counted in Keras",
        "torch's LSTM has a second bias of 2,048 a layer, kept at zero here",
    ),
    Published("StGcnPlusPlus", {"layout": "ntu25"}, (2, 3, 100, 25), 60, 1_403_144, 2.925, _STGCNPP),
    Published("StGcnPlusPlus", {"layout": "coco17"}, (2, 3, 100, 17), 60, 1_393_016, 1.926, _STGCNPP),
    Published(
        *("Mmaction2Video", {"backbone": "posec3d"}, (17, 48, 56, 56), 60, 2_024_860, 15.631),
        "Duan et al. 2022, PoseC3D; counted in mmaction2",
    ),
)
