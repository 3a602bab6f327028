import json

import numpy as np
import pytest
import torch
from torch.profiler import ProfilerActivity, profile

from analysis.model.layout import Layout
from app.bench.evaluator import Evaluator, batch_size
from app.zoo.encoder import build_encoder, build_tower
from app.zoo.encoder_weights import bind
from app.zoo.eval_sets import EvalSet
from app.zoo.head import Head
from app.zoo.images.image_sources import ImageSource
from app.zoo.zoo_file import EncoderEntry

CPU = torch.device("cpu")
CLASSES = ("a", "b", "c")


class StoppedError(Exception):
    pass


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    path = tmp_path_factory.mktemp("encoder") / "config.json"
    vision = {"layers": 3, "width": 16, "head_width": 8, "patch_size": 4, "image_size": 8}
    path.write_text(json.dumps({"embed_dim": 6, "vision_cfg": vision}))
    return build_encoder(EncoderEntry(path, None, (0.2, 0.3, 0.4), 10.0))


@pytest.fixture
def tower(encoder):
    torch.manual_seed(0)
    return build_tower(encoder.config, device="cpu")


@pytest.fixture
def head():
    rows = torch.randn(3, 6, generator=torch.Generator().manual_seed(1))
    return Head(rows, None, normalises=True, scale=10.0)


def bound(encoder, tower, device=CPU):
    weights = {f"visual.{name}": weight for name, weight in tower.state_dict().items()}
    layout = Layout.from_shapes({name: tuple(weight.shape) for name, weight in weights.items()})
    flat = torch.cat([weight.flatten() for weight in weights.values()]).to(device)
    bind(encoder, flat, layout)
    return flat


def eval_set(n, device=CPU):
    generator = torch.Generator().manual_seed(2)
    images = torch.randint(0, 256, (n, 3, 8, 8), dtype=torch.uint8, generator=generator)
    source = ImageSource(torch.arange(n) % 3, lambda index: images[index])
    return EvalSet(source, task="digits", split="val", classes=CLASSES, device=device)


def keep_going():
    return None


def stop():
    raise StoppedError


def test_numbers_are_those_of_the_formula(encoder, tower, head):
    bound(encoder, tower)
    images = eval_set(5)

    found = Evaluator(encoder, {"digits": head}, device=CPU).evaluate(images, 5, check=keep_going)

    mean, std = torch.tensor(encoder.mean).view(3, 1, 1), torch.tensor([0.2, 0.3, 0.4]).view(3, 1, 1)
    with torch.no_grad():
        features = tower((images.images(5, check=keep_going) / 255 - mean) / std)
    logits = 10 * (features / features.norm(dim=1, keepdim=True)) @ head.rows.T
    for index, (row, label) in enumerate(zip(logits.tolist(), images.labels.tolist(), strict=True)):
        others = [logit for other, logit in enumerate(row) if other != label]
        log_prob = row[label] - np.log(np.exp(row).sum())
        assert found.labels[index] == label
        assert found.prediction[index] == row.index(max(row))
        assert found.log_prob[index] == pytest.approx(log_prob, abs=1e-5)
        assert found.margin[index] == pytest.approx(row[label] - max(others), abs=1e-5)


def test_columns_have_the_types_they_are_stored_with(encoder, tower, head):
    bound(encoder, tower)

    found = Evaluator(encoder, {"digits": head}, device=CPU).evaluate(eval_set(4), 4, check=keep_going)

    assert found.task == "digits"
    types = [column.dtype for column in (found.labels, found.prediction, found.log_prob, found.margin)]
    assert types == [np.int64, np.int64, np.float32, np.float32]


@pytest.mark.parametrize("n", [1, 100, 128, 129, 200])
def test_an_images_numbers_do_not_depend_on_how_many_are_evaluated(encoder, tower, head, n):
    bound(encoder, tower)
    evaluator, images = Evaluator(encoder, {"digits": head}, device=CPU), eval_set(200)

    some, everything = (evaluator.evaluate(images, count, check=keep_going) for count in (n, 500))

    assert len(everything.labels) == 200
    assert some.labels.tolist() == everything.labels[:n].tolist()
    assert some.log_prob.tobytes() == everything.log_prob[:n].tobytes()
    assert some.margin.tobytes() == everything.margin[:n].tobytes()


def test_new_weights_in_the_buffer_give_new_answers_and_old_ones_the_old(encoder, tower, head):
    flat = bound(encoder, tower)
    before, images = flat.clone(), eval_set(64)
    evaluator = Evaluator(encoder, {"digits": head}, device=CPU)

    first = evaluator.evaluate(images, 64, check=keep_going)
    flat.mul_(1.5)
    moved = evaluator.evaluate(images, 64, check=keep_going)
    flat.copy_(before)
    again = evaluator.evaluate(images, 64, check=keep_going)

    assert first.log_prob.tobytes() == again.log_prob.tobytes()
    assert first.log_prob.tobytes() != moved.log_prob.tobytes()


def test_a_stop_is_heard_before_every_batch_and_block(encoder, tower, head):
    bound(encoder, tower)
    evaluator, images, calls = Evaluator(encoder, {"digits": head}, device=CPU), eval_set(200), []
    images.images(200, check=keep_going)

    evaluator.evaluate(images, 200, check=lambda: calls.append(1))

    assert len(calls) == 2 * (1 + 3)
    with pytest.raises(StoppedError):
        evaluator.evaluate(images, 200, check=stop)


def test_attention_takes_its_fused_path(encoder, tower, head):
    bound(encoder, tower)
    evaluator, images = Evaluator(encoder, {"digits": head}, device=CPU), eval_set(4)

    with profile(activities=[ProfilerActivity.CPU]) as profiled:
        evaluator.evaluate(images, 4, check=keep_going)

    names = [event.name for event in profiled.events()]
    assert names.count("aten::_native_multi_head_attention") == 3


@pytest.mark.parametrize(
    ("model", "device", "images"),
    [("ViT-B-32", "cpu", 8), ("ViT-L-14", "cpu", 1), ("ViT-B-32", "cuda", 128), ("ViT-L-14", "cuda", 16)],
)
def test_large_encoders_get_small_batches_so_that_a_stop_is_heard(model, device, images):
    encoder = build_encoder(EncoderEntry(model, None, None, None))

    assert batch_size(encoder, torch.device(device)) == images


def test_small_encoders_get_the_default_sample_in_one_batch(encoder):
    assert batch_size(encoder, CPU) == 128


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
def test_on_cuda_weights_stay_in_the_buffer_and_a_new_merge_allocates_nothing(encoder, tower, head):
    device = torch.device("cuda")
    flat = bound(encoder, tower, device)
    evaluator, images = Evaluator(encoder, {"digits": head}, device=device), eval_set(200, device)
    evaluator.evaluate(images, 200, check=keep_going)
    torch.cuda.synchronize()
    segments, held = torch.cuda.memory_stats()["segment.all.allocated"], torch.cuda.memory_allocated()

    with profile(activities=[ProfilerActivity.CPU, ProfilerActivity.CUDA]) as profiled:
        flat.mul_(1.01)
        evaluator.evaluate(images, 200, check=keep_going)
        torch.cuda.synchronize()

    first, past = flat.data_ptr(), flat.data_ptr() + flat.nbytes
    copies = [event.name for event in profiled.events() if event.name.startswith("Memcpy")]
    assert all(first <= weight.data_ptr() < past for weight in encoder.tower.parameters())
    assert torch.cuda.memory_stats()["segment.all.allocated"] == segments
    assert torch.cuda.memory_allocated() == held
    assert not [name for name in copies if "HtoD" in name]
    assert len([name for name in copies if "DtoH" in name]) == 2 * 4


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
def test_on_cuda_numbers_repeat_and_agree_with_the_cpu(encoder, tower, head):
    device = torch.device("cuda")
    bound(encoder, tower, device)
    on_cuda, images = Evaluator(encoder, {"digits": head}, device=device), eval_set(200, device)

    first, again = (on_cuda.evaluate(images, n, check=keep_going) for n in (128, 200))
    bound(encoder, tower)
    on_cpu = Evaluator(encoder, {"digits": head}, device=CPU).evaluate(eval_set(200), 200, check=keep_going)

    assert first.log_prob.tobytes() == again.log_prob[:128].tobytes()
    np.testing.assert_allclose(again.log_prob, on_cpu.log_prob, atol=0.2)


def test_cosines_are_the_logits_without_their_scale(encoder, tower, head):
    bound(encoder, tower)
    evaluator = Evaluator(encoder, {"digits": head}, device=CPU)

    cosines = evaluator.products(eval_set(7), 7, check=keep_going)
    predictions = evaluator.evaluate(eval_set(7), 7, check=keep_going)

    assert cosines.shape == (7, 3)
    assert (cosines.argmax(axis=1) == predictions.prediction).all()
    log_prob = torch.from_numpy(10.0 * cosines).log_softmax(dim=1)
    at_truth = log_prob.gather(1, torch.from_numpy(predictions.labels)[:, None])[:, 0]
    assert at_truth.numpy() == pytest.approx(predictions.log_prob, abs=1e-5)
