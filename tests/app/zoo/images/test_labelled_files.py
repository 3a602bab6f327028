"""The same images in every kind of file give the same evaluation."""

import csv
import io
from contextlib import closing

import duckdb
import numpy as np
import pytest
from PIL import Image
from safetensors.torch import load_file

from app.bench.workbenches import Workbenches
from app.work.jobs import JobContext
from cache.store import Store
from tests.zoo_on_disk import CLASSES, write_zoo


def as_npz(folder, images, labels):
    np.savez(folder / "deep.npz", images=images, labels=labels)
    return "deep.npz"


def as_csv(folder, images, labels):
    (folder / "pictures").mkdir()
    with (folder / "deep.csv").open("w", newline="") as file:
        table = csv.writer(file)
        for k, (image, label) in enumerate(zip(images, labels, strict=True)):
            Image.fromarray(image).save(folder / "pictures" / f"{k}.png")
            table.writerow([f"pictures/{k}.png", CLASSES[label]])
    return "deep.csv"


def as_parquet(folder, images, labels):
    (folder / "deep").mkdir()
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t (image STRUCT(bytes BLOB, path VARCHAR), label VARCHAR)")
        for image, label in zip(images, labels, strict=True):
            out = io.BytesIO()
            Image.fromarray(image).save(out, "PNG")
            connection.execute(
                "INSERT INTO t VALUES (?, ?)", [{"bytes": out.getvalue(), "path": ""}, CLASSES[label]]
            )
        connection.execute(f"COPY t TO '{folder / 'deep' / 'validation.parquet'}' (FORMAT parquet)")
    return "deep"


def as_folders(folder, images, labels):
    for k, (image, label) in enumerate(zip(images, labels, strict=True)):
        (folder / "classes" / CLASSES[label]).mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(folder / "classes" / CLASSES[label] / f"{k:03}.png")
    return "classes"


@pytest.mark.parametrize("kept", [as_npz, as_csv, as_parquet, as_folders])
def test_the_same_images_in_another_file_give_the_same_accuracy(tmp_path, kept):
    folder = write_zoo(tmp_path / "zoo")
    tensors = load_file(folder / "deep_val.safetensors")
    name = kept(folder, tensors["images"].numpy(), tensors["labels"].numpy())
    text = (folder / "zoo.toml").read_text()

    def right(document):
        (folder / "zoo.toml").write_text(document)
        with closing(Store.open(tmp_path / "store")) as store:
            bench = Workbenches(store).open(folder, JobContext(), device="cpu")
            found = bench.anchors(JobContext(), split="val", n_images=None)
            setup = bench.setup.eval_sets["val"]["deep"]
            predictions = found.fine_tuned["deep"]
            return len(setup), float((predictions.prediction == predictions.labels).mean())

    expected = right(text)
    changed = text.replace("deep_val.safetensors", name)
    assert changed != text
    assert right(changed) == expected
    assert expected[1] > 0
