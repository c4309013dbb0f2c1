"""Contract of encoders around another encoder, for RGB and for flow, with costs summed by hand."""

from __future__ import annotations

from functools import partial

from video_contract import (  # noqa: F401
    Case,
    test_bfloat16_agrees,
    test_compiles,
    test_cost_is_published,
    test_map_and_gradients,
    test_other_channels_are_refused,
    test_sample_does_not_depend_on_batch,
    test_step_lowers_loss,
)

from triad.modalities.video_encoders import ActionTransformer, InceptionI3d, ResidualFrames, SmallR2Plus1d, wrappers

MEMORY = 1024 + 16  # channels of Inception-I3D's map with the embedding of time and place
QUERY = 1025 * 128 + (128 * 49 + 1) * 128  # parameters: 1×1 convolution of the map, and of its 7×7 places one vector
LOCATION = (2 * 8 + 9 * 8) + (3 * 8 + 9 * 8)
UNIT = 129 * 128 + MEMORY * 128 + (MEMORY + 1) * 128 + 2 * 129 * 128 + 4 * 128
PLACES = 2 * 7 * 7  # of Inception-I3D's map of 16×224²
LOCATION_MACS = 2 * (8 + 64) + 49 * (16 + 64)
MACS = 49 * 1024 * 128 + 128 * 49 * 128 + LOCATION_MACS + 3 * (3 * 128 * 128 + 2 * PLACES * (MEMORY + 1) * 128)

CASES = {
    "residual_frames": Case(
        partial(ResidualFrames, trunk={"type": SmallR2Plus1d}),
        *((9, 32, 48), (64, 4, 2, 3)),
        *(218_832, (9, 84, 112), 0.13876),
    ),
    "action_transformer": Case(
        partial(ActionTransformer, trunk={"type": InceptionI3d}),
        *((8, 32, 48), (64, 4, 2, 3)),
        *(12_287_264 + QUERY + LOCATION + 3 * UNIT, (16, 224, 224), 27.788 + MACS / 1e9),
        build_small=partial(ActionTransformer, trunk={"type": SmallR2Plus1d}, channels=16, roi_size=2, dropout=0.0),
    ),
}


def test_every_encoder_has_a_case():
    assert {case.build.func for case in CASES.values()} == {getattr(wrappers, name) for name in wrappers.__all__}
