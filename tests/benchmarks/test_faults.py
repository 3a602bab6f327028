import random

from benchmarks.faults import NEWER, Scene, damaged, killed
from tests.hostile.forked import forked


def test_a_few_rounds_of_every_promise_hold(tmp_path):
    few = ["the database cut to 70%", "blobs turned", "a pipe for a database", NEWER, "no cache"]
    with forked(tmp_path) as run:
        scene = Scene(tmp_path, run)
        lines = [*killed(scene, 2, random.Random(0)), *damaged(scene, few)]

    assert [line.broken for line in lines] == [[]] * len(lines)
    assert [line.n_tried for line in lines] == [2, 1, 1, len(few), 1]
