import json

import pytest

from app.bench.workbenches import Workbenches
from app.session.session import Session
from app.zoo.roots import Roots
from tests.zoo_layouts import hugging_face

LONG = 60


@pytest.fixture
def pool(tmp_path):
    hugging_face(tmp_path / "models", tasks=("clip_mnist", "clip_svhn"))
    path = tmp_path / "config" / "two.yaml"
    path.parent.mkdir()
    models = {"_pretrained_": "models/clip", "mnist": "models/clip_mnist", "svhn": "models/clip_svhn"}
    target = {"_target_": "fusion_bench.modelpool.CLIPVisionModelPool"}
    path.write_text(json.dumps({**target, "models": models}))
    return path


def looked_through(session, path):
    session.building.look(path)
    (job,) = session.building.awaited
    assert job.wait(LONG)
    assert session.building.collect()
    return session.building.look(path).value


def test_a_pool_that_is_typed_becomes_a_zoo_where_its_paths_begin(worker, benches, pool, tmp_path):
    session = Session(worker, benches, device="cpu")
    assert session.may_build(pool)

    found = looked_through(session, pool)
    session.building.write(found.files.root, found.parts, name="two")

    assert found.files.root == tmp_path
    assert found.models == []  # the pool says which is the base
    assert [task.name for task in session.zoo_file(tmp_path).tasks] == ["mnist", "svhn"]


def test_a_pool_of_models_that_lie_elsewhere_is_not_shown(worker, store, pool):
    session = Session(worker, Workbenches(store, served=Roots.of([pool.parent])), device="cpu")

    assert looked_through(session, pool) is None
    assert "lies outside the folders in which this server opens zoos" in session.building.notice


@pytest.mark.parametrize("content", ["", "models: [", "name: a", "\0"])
def test_a_file_that_is_no_pool_states_so(worker, benches, tmp_path, content):
    session = Session(worker, benches, device="cpu")
    path = tmp_path / "other.yaml"
    path.write_text(content)

    assert looked_through(session, path) is None
    assert "other.yaml" in session.building.notice


def test_a_pool_that_is_not_there_is_no_offer(worker, benches, tmp_path):
    assert not Session(worker, benches, device="cpu").may_build(tmp_path / "missing.yaml")
