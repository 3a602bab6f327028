import pytest
import torch
from PIL import Image

from app.zoo.images.duplicates import n_shared
from app.zoo.images.image_sources import ImageSource

PIXELS = torch.randint(0, 256, (6, 4, 4, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))


def keep_going():
    return None


def source(**how):
    return ImageSource(torch.zeros(1), lambda _: torch.zeros(3, 4, 4), **how)


def files(folder, pixels):
    folder.mkdir()
    for number, one in enumerate(pixels):
        Image.fromarray(one.numpy()).save(folder / f"{number}.bmp")
    return source(files=tuple(sorted(folder.iterdir())))


@pytest.fixture(params=["files", "tensors"])
def made(request, tmp_path):
    def made(name, pixels):
        return files(tmp_path / name, pixels) if request.param == "files" else source(stored=pixels)

    return made


def test_images_of_both_are_counted_wherever_they_stand(made):
    one, other = made("one", PIXELS[[0, 1, 2, 2]]), made("other", PIXELS[[5, 2, 4, 0]])

    assert n_shared(one, other, check=keep_going) == 3
    assert n_shared(other, one, check=keep_going) == 2


def test_alike_is_not_the_same(made):
    changed = PIXELS.clone()
    changed[:, 3, 3, 2] += 1

    assert n_shared(made("one", PIXELS), made("other", changed), check=keep_going) == 0


def test_files_of_other_sizes_are_not_read(tmp_path):
    one = files(tmp_path / "one", PIXELS[:2])
    larger = files(tmp_path / "larger", PIXELS[:2].repeat(1, 2, 2, 1))

    assert n_shared(one, larger, check=lambda: pytest.fail("a file was read")) == 0


def test_a_stop_is_heard(made):
    calls = []

    def stop_at_third():
        calls.append(1)
        if len(calls) == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        n_shared(made("one", PIXELS), made("other", PIXELS), check=stop_at_third)


def test_images_kept_in_two_ways_are_not_compared(tmp_path):
    assert n_shared(files(tmp_path / "one", PIXELS), source(stored=PIXELS), check=keep_going) is None
    assert n_shared(source(), source(), check=keep_going) is None
