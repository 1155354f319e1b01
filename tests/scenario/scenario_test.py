"""Replays purchase.json in C++, C, Python, Node and over HTTP: the answers are equal."""

import json

import pytest
from scenario.replay import HERE, RUNNERS, Replay

SCENARIO = json.loads((HERE / "purchase.json").read_text(encoding="utf-8"))
REFERENCE = "C++"


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    return Replay(REFERENCE, tmp_path_factory.mktemp("reference") / "shop.db", SCENARIO)


def test_the_scenario_reaches_its_end(reference):
    assert len(reference.answers) == len(SCENARIO["steps"]) > 60


@pytest.mark.parametrize("language", [name for name in RUNNERS if name != REFERENCE])
def test_answers_are_equal_in(language, reference, tmp_path):
    replay = Replay(language, tmp_path / "shop.db", SCENARIO)
    for step, wanted, got in zip(SCENARIO["steps"], reference.answers, replay.answers):
        assert got == wanted, step
