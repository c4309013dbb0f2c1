"""Systems of the field that this project runs, and how: the source of the README's table.

Adding one is one line under its kind. ``triad zoo --systems --readme README.md`` writes the table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class System(NamedTuple):
    """A published system.

    Attributes:
        name: name of the system.
        paper: authors and year.
        leaves: leaf configs that train it, as ``rgb/slowonly_jhmdb``; the cost is counted on them.
        command: command that runs it, where no leaf does.
        cls: class that it is, with its module, as ``triad.fusion.attention:SeparableSTA``, where no leaf holds it.
        flow_network: function or class that builds a flow network, likewise; its cost is counted on ``frame``.
        frame: channels, height and width of each of the two frames of a flow network.
        late_fusion: method of late fusion whose results with RGB and flow are shown.
    """

    name: str
    paper: str
    leaves: tuple[str, ...] = ()
    command: str = ""
    cls: str = ""
    flow_network: str = ""
    frame: tuple[int, int, int] | None = None
    late_fusion: str = ""


_TV_FLOW = "torchvision.models.optical_flow"
_FLOW = "triad extract OUT --flow"
_FUSE = "triad fuse TEST… --fit VAL… --method"

SYSTEMS: Mapping[str, Sequence[System]] = {
    "Fusion of streams": (
        System("Late fusion by averaging", "Simonyan & Zisserman 2014", command=f"{_FUSE} mean", late_fusion="mean"),
        System("Late fusion by a linear SVM", "Simonyan & Zisserman 2014", command=f"{_FUSE} svm", late_fusion="svm"),
        System("Sum of log-probabilities", "Carreira & Zisserman 2017", command=f"{_FUSE} product"),
        System("Maximum of probabilities", "Kittler et al. 1998", command=f"{_FUSE} max"),
        System("SVM with a Gaussian kernel", "Cortes & Vapnik 1995", command=f"{_FUSE} svm_rbf"),
        System("Linear SVM on features, or on both", "Simonyan & Zisserman 2014", command=f"{_FUSE} svm_features"),
        System("Logistic stacking", "Wolpert 1992", command=f"{_FUSE} logistic"),
        System("Concatenation and MLP", "Rumelhart et al. 1986", command=f"{_FUSE} mlp_features"),
        System("Gated mixture of streams", "Jacobs et al. 1991", command=f"{_FUSE} gated"),
        System("Compact bilinear pooling", "Gao et al. 2016", command=f"{_FUSE} bilinear_features"),
        System(
            *("Joint head: concatenation and MLP", "Rumelhart et al. 1986"),
            ("fusion/concat_head_minihome", "fusion/concat_head_jhmdb"),
        ),
        System(
            *("Joint head: gated mixture", "Jacobs et al. 1991"),
            ("fusion/gated_mixture_head_minihome", "fusion/gated_mixture_head_jhmdb"),
        ),
        System(
            *("Joint head: low-rank bilinear", "Kim et al. 2017"),
            ("fusion/low_rank_bilinear_head_minihome", "fusion/low_rank_bilinear_head_jhmdb"),
        ),
        System(
            *("Attention bottlenecks (MBT)", "Nagrani et al. 2021"),
            ("fusion/attention_bottleneck_minihome", "fusion/attention_bottleneck_jhmdb"),
        ),
        System(
            *("Convolutional two-stream fusion", "Feichtenhofer et al. 2016"),
            ("fusion/conv_fusion_minihome", "fusion/lateral_connections_minihome", "fusion/lateral_connections_jhmdb"),
        ),
        System("3D-fused two-stream", "Carreira & Zisserman 2017", ("fusion/conv_fusion_jhmdb",)),
        System("Two-stream I3D", "Carreira & Zisserman 2017", ("fusion/inception_i3d_jhmdb",)),
        System("MARS", "Crasto et al. 2019", ("fusion/mars_minihome", "fusion/mars_jhmdb")),
        System(
            *("RGBPose-Conv3D", "Duan et al. 2022"),
            ("fusion/rgb_pose_conv3d_minihome", "fusion/rgb_pose_conv3d_jhmdb"),
        ),
        System("RGB, flow and pose", "Das et al. 2019", command="triad ablate TEST… --fit VAL… --out DIR"),
    ),
    "Image networks and models over time": (
        System("Single frame", "Karpathy et al. 2014", ("rgb/single_frame_jhmdb",)),
        System("Late fusion in a full layer", "Karpathy et al. 2014", ("rgb/late_fusion_jhmdb",)),
        System("Early fusion", "Karpathy et al. 2014", ("rgb/early_fusion_jhmdb", "flow/early_fusion_jhmdb")),
        System("Slow fusion", "Karpathy et al. 2014", ("rgb/slow_fusion_jhmdb", "flow/slow_fusion_jhmdb")),
        System("Multiresolution network", "Karpathy et al. 2014", ("rgb/multiresolution_jhmdb",)),
        System("Two-stream CNN-M-2048", "Simonyan & Zisserman 2014", ("rgb/cnn_m_2048_jhmdb", "flow/cnn_m_2048_jhmdb")),
        System("RNN", "Elman 1990", ("rgb/rnn_jhmdb",)),
        System("GRU", "Cho et al. 2014", ("rgb/gru_jhmdb",)),
        System("3D convolutions and LSTM", "Baccouche et al. 2011", ("rgb/conv3d_lstm_jhmdb",)),
        System(
            *("LRCN", "Donahue et al. 2015", ("rgb/lrcn_jhmdb", "flow/lrcn_jhmdb")),
            cls="triad.modalities.video_encoders:LrcnFrames",
        ),
        System("Conv pooling", "Ng et al. 2015", ("rgb/conv_pooling_jhmdb",)),
        System("LSTM composite model", "Srivastava et al. 2015", ("rgb/lstm_composite_jhmdb",)),
        System("GRU-RCN", "Ballas et al. 2016", ("rgb/gru_rcn_jhmdb", "flow/gru_rcn_jhmdb")),
        System("RCN with tanh", "Ballas et al. 2016", ("rgb/rnn_rcn_jhmdb",)),
        System(
            "TSN", "Wang et al. 2016", ("rgb/tsn_r50_jhmdb", "flow/tsn_r50_jhmdb", "rgb/tsn_efficientnet_lite0_jhmdb")
        ),
        System("ED-TCN", "Lea et al. 2017", ("rgb/ed_tcn_jhmdb",)),
        System("ConvNet+LSTM", "Carreira & Zisserman 2017", ("rgb/convnet_lstm_jhmdb",)),
        System("TCN", "Bai et al. 2018", ("rgb/tcn_jhmdb", "flow/tcn_jhmdb")),
        System("DB-LSTM", "Ullah et al. 2018", ("rgb/db_lstm_jhmdb",)),
        System("TRN, multi-scale", "Zhou et al. 2018", ("rgb/trn_r50_jhmdb",)),
        System(
            "TSM", "Lin et al. 2019", ("rgb/tsm_r50_jhmdb", "flow/tsm_r50_jhmdb", "rgb/tsm_efficientnet_lite0_jhmdb")
        ),
        System("TANet", "Liu et al. 2021", ("rgb/tanet_r50_jhmdb",)),
    ),
    "Models of long videos, over features": (
        System("Bidirectional LSTM", "Graves & Schmidhuber 2005", ("temporal/lstm_minihome_untrimmed",)),
        System("ED-TCN", "Lea et al. 2017", ("temporal/ed_tcn_minihome_untrimmed",)),
        System("TCN", "Bai et al. 2018", ("temporal/tcn_minihome_untrimmed",)),
        System("MS-TCN++", "Li et al. 2020", ("temporal/ms_tcn_plus_plus_minihome_untrimmed",)),
        System("PDAN", "Dai et al. 2021", ("temporal/pdan_minihome_untrimmed",)),
        System("ASFormer", "Yi et al. 2021", ("temporal/asformer_minihome_untrimmed",)),
        System("Late fusion of three PDANs", "Dai et al. 2021", ("fusion/late_fusion_minihome_untrimmed",)),
    ),
    "Hand-crafted features": (
        System(
            *("Dense trajectories, Fisher vectors", "Wang et al. 2013"),
            command="triad trajectories OUT --split val --split test --dump {split}.npz",
        ),
    ),
    "Optical flow": (
        System("TV-L1", "Zach et al. 2007", command=f"{_FLOW} tvl1"),
        System("Farnebäck", "Farnebäck 2003", command=f"{_FLOW} farneback"),
        System("DIS", "Kroeger et al. 2016", command=f"{_FLOW} dis"),
        System(
            *("FlowNetS", "Dosovitskiy et al. 2015"),
            command="triad train configs/estimators/flownets.py",
            flow_network="triad.modalities.flow.networks:FlowNetS",
            frame=(3, 384, 512),
        ),
        System("FlowNetC", "Dosovitskiy et al. 2015", command=f"{_FLOW} ptlflow:flownetc"),
        System("PWC-Net", "Sun et al. 2018", command=f"{_FLOW} ptlflow:pwcnet"),
        System(
            *("RAFT", "Teed & Deng 2020"),
            command=f"{_FLOW} raft_large",
            flow_network=f"{_TV_FLOW}:raft_large",
            frame=(3, 368, 768),
        ),
        System(
            *("RAFT-small", "Teed & Deng 2020"),
            command=f"{_FLOW} raft_small",
            flow_network=f"{_TV_FLOW}:raft_small",
            frame=(3, 368, 768),
        ),
    ),
    "3D CNNs": (
        System("C3D", "Tran et al. 2015", ("rgb/c3d_jhmdb", "flow/c3d_jhmdb")),
        System("Inception-I3D", "Carreira & Zisserman 2017", ("rgb/inception_i3d_jhmdb", "flow/inception_i3d_jhmdb")),
        System("P3D-199", "Qiu et al. 2017", ("rgb/p3d_jhmdb",)),
        System("3D-ConvNet", "Carreira & Zisserman 2017", ("rgb/convnet_3d_jhmdb",)),
        System("C2D-R50", "Wang et al. 2018", ("rgb/c2d_r50_jhmdb",)),
        System("ResNet-I3D", "Wang et al. 2018", ("rgb/i3d_r50_jhmdb",)),
        System("R3D-18", "Tran et al. 2018", ("rgb/r3d_18_jhmdb",)),
        System("MC3-18", "Tran et al. 2018", ("rgb/mc3_18_jhmdb",)),
        System("R(2+1)D-18", "Tran et al. 2018", ("rgb/r2plus1d_18_jhmdb", "flow/r2plus1d_18_jhmdb")),
        System("R(2+1)D-34", "Tran et al. 2018", ("rgb/r2plus1d_r34_jhmdb",)),
        System("R(2+1)D, small", "after Tran et al. 2018", ("rgb/r2plus1d_small_jhmdb", "flow/r2plus1d_small_jhmdb")),
        System("S3D", "Xie et al. 2018", ("rgb/s3d_jhmdb", "flow/s3d_jhmdb")),
        System("S3D-G", "Xie et al. 2018", ("rgb/s3dg_jhmdb",)),
        System("MFNet", "Chen et al. 2018", ("rgb/mfnet_jhmdb",)),
        System("ir-CSN-152", "Tran et al. 2019", ("rgb/ircsn_r152_jhmdb",)),
        System("SlowOnly-R50", "Feichtenhofer et al. 2019", ("rgb/slowonly_jhmdb", "flow/slowonly_jhmdb")),
        System("SlowFast-R50", "Feichtenhofer et al. 2019", ("rgb/slowfast_r50_jhmdb",)),
        System("X3D-M", "Feichtenhofer 2020", ("rgb/x3d_jhmdb", "flow/x3d_jhmdb")),
        System("CorrNet-26", "Wang et al. 2020", ("rgb/corrnet_jhmdb",)),
        System("Residual frames", "Tao et al. 2020", ("rgb/residual_frames_jhmdb",)),
        System("PoseC3D", "Duan et al. 2022", ("skeleton/posec3d_jhmdb",)),
    ),
    "Attention": (
        System("Self-attention", "Vaswani et al. 2017", ("rgb/resnet3d_self_attention_jhmdb",)),
        System("ResNet3d, without attention", "He et al. 2016", ("rgb/resnet3d_jhmdb",)),
        System("SE", "Hu et al. 2018", ("rgb/resnet3d_se_jhmdb",)),
        System("CBAM", "Woo et al. 2018", ("rgb/resnet3d_cbam_jhmdb",)),
        System(
            *("Non-local ResNet3d", "Wang et al. 2018"),
            ("rgb/resnet3d_non_local_jhmdb", "flow/resnet3d_non_local_jhmdb"),
        ),
        System("CGNL", "Yue et al. 2018", ("rgb/resnet3d_cgnl_jhmdb",)),
        System("PNL", "Xu et al. 2021", ("rgb/resnet3d_pyramid_non_local_jhmdb",)),
        System("Non-local ResNet-I3D", "Wang et al. 2018", ("rgb/i3d_r50_nl_jhmdb",)),
        System("Action transformer head", "Girdhar et al. 2019", ("rgb/action_transformer_jhmdb",)),
        System("Separable STA", "Das et al. 2019", ("fusion/separable_sta_minihome", "fusion/separable_sta_jhmdb")),
        System(
            *("Part attention of P-I3D", "Das et al. 2019"),
            ("fusion/part_attention_minihome", "fusion/part_attention_jhmdb"),
        ),
        System("VPN", "Das et al. 2020", ("fusion/vpn_minihome", "fusion/vpn_jhmdb", "fusion/vpn_ntu60")),
        System(
            *("Skeleton-guided regions of MMNet", "Bruce et al. 2022"),
            ("fusion/skeleton_guided_regions_minihome", "fusion/skeleton_guided_regions_jhmdb"),
        ),
        System(
            *("Cross-attention to detected objects", "Vaswani et al. 2017"),
            ("fusion/object_cross_attention_minihome", "fusion/object_cross_attention_jhmdb"),
        ),
        System(
            *("Heat maps beside RGB", "Duan et al. 2022"),
            ("fusion/rgb_with_heatmaps_minihome", "fusion/rgb_with_heatmaps_jhmdb"),
        ),
        System("VPN++", "Das et al. 2021", ("fusion/vpn_plus_plus_minihome", "fusion/vpn_plus_plus_jhmdb")),
        System(
            *("Cross-attention from joints to patches", "Vaswani et al. 2017"),
            ("fusion/joint_cross_attention_minihome", "fusion/joint_cross_attention_jhmdb"),
        ),
        System("π-ViT", "Reilly & Das 2024", ("fusion/pi_vit_minihome", "fusion/pi_vit_jhmdb")),
        System(
            *("EPAM-Net's attention", "Abdelkawy et al. 2025"),
            ("fusion/epam_attention_minihome", "fusion/epam_attention_jhmdb"),
        ),
    ),
    "Transformers": (
        System("ViT-B/16 on frames", "Dosovitskiy et al. 2021", ("rgb/vit_b_16_jhmdb",)),
        System("Swin-T on frames", "Liu et al. 2021", ("rgb/swin_t_jhmdb",)),
        System("TimeSformer", "Bertasius et al. 2021", ("rgb/timesformer_jhmdb", "flow/timesformer_jhmdb")),
        System("ViViT, model 1", "Arnab et al. 2021", ("rgb/vivit_joint_jhmdb",)),
        System("ViViT, model 2", "Arnab et al. 2021", ("rgb/vivit_factorised_encoder_jhmdb",)),
        System("ViViT, model 3", "Arnab et al. 2021", ("rgb/vivit_factorised_attention_jhmdb",)),
        System("VTN", "Neimark et al. 2021", ("rgb/vtn_jhmdb",), cls="triad.modalities.video_encoders:Longformer"),
        System("MViTv2-S", "Li et al. 2022", ("rgb/mvit_v2_s_jhmdb",)),
        System("Video Swin-T", "Liu et al. 2022", ("rgb/swin3d_t_jhmdb", "flow/swin3d_t_jhmdb")),
        System("UniFormer-S", "Li et al. 2022", ("rgb/uniformer_s_jhmdb",)),
        System("ViT-S of VideoMAE", "Tong et al. 2022", ("rgb/videomae_s_jhmdb",)),
    ),
    "Skeleton networks": (
        System("LSTM", "Das et al. 2019", ("skeleton/lstm_nucla",)),
        System("STA-LSTM", "Song et al. 2017", ("skeleton/sta_lstm_minihome", "skeleton/sta_lstm_ntu60")),
        System("ST-GCN", "Yan et al. 2018", ("skeleton/stgcn_nucla",)),
        System("2s-AGCN, one stream", "Shi et al. 2019", ("skeleton/agcn_nucla", "skeleton/agcn_smarthome")),
        System("AAGCN", "Shi et al. 2020", ("skeleton/aagcn_nucla",)),
        System("MS-G3D", "Liu et al. 2020", ("skeleton/msg3d_nucla",)),
        System("Shift-GCN", "Cheng et al. 2020", ("skeleton/shiftgcn_nucla",)),
        System("SGN", "Zhang et al. 2020", ("skeleton/sgn_nucla",)),
        System("CTR-GCN", "Chen et al. 2021", ("skeleton/ctrgcn_nucla", "skeleton/ctrgcn_ntu60")),
        System("ST-GCN++", "Duan et al. 2022", ("skeleton/stgcnpp_ntu60", "skeleton/stgcnpp_jhmdb")),
        System("Hyperformer", "Zhou et al. 2022", ("skeleton/hyperformer_nucla",)),
    ),
}
"""Systems by kind, each kind from old to new."""
