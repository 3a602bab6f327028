import numpy as np

from app.bench.remembered import KEPT, Remembered, together
from app.work.jobs import JobContext
from app.work.measurement import Measurement


def doubled(remembered, number, computed=None, **inputs):
    def compute(_):
        if computed is not None:
            computed.append(number)
        return {"twice": np.array([2 * number])}

    return remembered.measurement(
        "double", number, compute, lambda arrays: float(arrays["twice"][0]), number=number, **inputs
    )


def known(value):
    return Measurement(value, lambda _: value, lambda: value)


def test_a_value_is_computed_once_and_found_in_the_next_session(store):
    computed = []
    first = Remembered(store, {"zoo": "a"})
    before = doubled(first, 3, computed).find()

    values = [doubled(first, 3, computed).compute(JobContext()) for _ in range(2)]

    assert (before, values, computed) == (None, [6.0, 6.0], [3])
    assert doubled(Remembered(store, {"zoo": "a"}), 3, computed).find() == 6.0


def test_other_inputs_are_another_value(store):
    remembered = Remembered(store, {"zoo": "a"})
    doubled(remembered, 3).compute(JobContext())

    assert doubled(remembered, 4).find() is None
    assert doubled(remembered, 3, scope="all").find() is None
    assert doubled(Remembered(store, {"zoo": "b"}), 3).find() is None


def test_values_beyond_those_at_hand_are_found_in_the_store(store):
    computed = []
    remembered = Remembered(store, {})
    for number in range(KEPT + 2):
        doubled(remembered, number, computed).compute(JobContext())

    assert doubled(remembered, 0, computed).find() == 0.0
    assert doubled(remembered, 1, computed).compute(JobContext()) == 2.0
    assert len(computed) == KEPT + 2


def test_several_are_known_together_when_each_is():
    both = together("both", [known(1), known(2)])

    assert both.find() == both.compute(JobContext()) == (1, 2)
    assert both.key == "both"
    assert together("both", [known(1), Measurement(2, lambda _: 2)]).find() is None


def test_values_are_shared_by_whoever_wants_the_same_and_by_no_one_else(store):
    zoo, other = Remembered(store, {"zoo": "a"}), Remembered(store, {"zoo": "b"})
    identities = {doubled(zoo, 3).identity, doubled(zoo, 4).identity, doubled(other, 3).identity}

    assert doubled(Remembered(store, {"zoo": "a"}), 3).identity in identities
    assert len(identities) == 3


def test_several_are_shared_only_when_each_is(store):
    one, two = (doubled(Remembered(store, {}), number) for number in (1, 2))

    assert together("both", [one, two]).identity == (one.identity, two.identity)
    assert together("both", [one, known(1)]).identity is None
