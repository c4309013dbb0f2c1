from dataclasses import replace

from hand_made_predictions import make_candidate

from triad.fusion.evaluation import FusionCandidate, subset_costs

COST = {
    "rgb": {"parameters": 10, "gmacs": 1.0, "ms": 4.0},
    "flow_raft": {"parameters": 20, "gmacs": 2.0, "ms": 5.0},
    "skeleton": {"parameters": 3, "gmacs": 0.5},
}
RGB, FLOW, BOTH = (make_candidate(streams, [0]) for streams in (("rgb",), ("flow_raft",), ("rgb", "flow_raft")))
EXTRACTION = {"flow_raft": {"by": "raft", "parameters": 100, "gmacs": 50.0, "ms": 600.0}}


def test_extraction_is_added():
    rgb, flow, both = subset_costs([RGB, FLOW, BOTH], COST, EXTRACTION)
    assert rgb == {"streams": ["rgb"], "parameters": 10, "gmacs": 1.0, "ms": 4.0, "extraction": []}
    assert flow == {"streams": ["flow_raft"], "parameters": 120, "gmacs": 52.0, "ms": 605.0, "extraction": ["raft"]}
    assert (both["parameters"], both["gmacs"], both["ms"]) == (130, 53.0, 609.0)


def test_shared_extraction_counts_once():
    cost = {"flow_raft": COST["flow_raft"], "flow_raft_slow": COST["flow_raft"]}
    extraction = {name: EXTRACTION["flow_raft"] for name in cost}
    (both,) = subset_costs([make_candidate(tuple(cost), [0])], cost, extraction)
    assert (both["parameters"], both["extraction"]) == (140, ["raft"])


def test_unknown_part_leaves_no_sum():
    (both,) = subset_costs([make_candidate(("rgb", "skeleton"), [0])], COST, {})
    assert (both["parameters"], both["gmacs"], both["ms"]) == (13, 1.5, None)
    (unknown,) = subset_costs([make_candidate(("depth",), [0])], COST, {})
    assert unknown["parameters"] is None


def test_attention_needs_all_streams():
    cost = COST | {"attention": {"parameters": 7, "gmacs": 0.1, "ms": 1.0}}
    rgb, both = subset_costs([RGB, BOTH], cost, {})
    assert (rgb["parameters"], both["parameters"]) == (10, 37)


def test_own_cost_takes_precedence():
    own: FusionCandidate = replace(BOTH, cost={"rgb": COST["rgb"], "joint": {"parameters": 1, "gmacs": 0.1, "ms": 1.0}})
    (row,) = subset_costs([own], COST, EXTRACTION)
    assert (row["parameters"], row["ms"]) == (111, 605.0)
