import csv
import io
import json
import re

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from safetensors.torch import load_file, save_file

from app.__main__ import commands
from tests.zoo_on_disk import TASKS, write_zoo

FROZEN = {"logit_scale", "token_embedding.weight"}
PAIRS = [(a, b) for i, a in enumerate(TASKS) for b in TASKS[i + 1 :]]


@pytest.fixture(autouse=True)
def own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("TAUSCOPE_CACHE", str(tmp_path / "store"))
    for name in ("ZOO", "ROOTS", "DATA", "DEVICE"):
        monkeypatch.delenv(f"TAUSCOPE_{name}", raising=False)


@pytest.fixture
def zoo(tmp_path):
    return write_zoo(tmp_path / "zoo", controls=["letters"])


def call(*arguments):
    result = CliRunner().invoke(commands, ["measure", *map(str, arguments), "--device", "cpu"])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def reported(*arguments):
    result = call(*arguments, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)


def updates(zoo):
    """Every task's update by parameter, as float64, straight from the files."""
    base = load_file(zoo / "base.safetensors")
    tuned = {task: load_file(zoo / f"{task}.safetensors") for task in TASKS}
    return {
        task: {name: (weights[name] - base[name]).flatten().numpy().astype(float) for name in base}
        for task, weights in tuned.items()
    }, {name: weight.flatten().numpy().astype(float) for name, weight in base.items()}


def layer_of(name):
    return int(name.split("resblocks.")[1].split(".")[0]) if "resblocks." in name else None


def test_norms_are_those_of_the_files(zoo):
    taus, base = updates(zoo)

    rows = reported(zoo, "norms")

    assert {row["task"] for row in rows} == set(TASKS)
    assert {row["parameter"] for row in rows} == base.keys() - FROZEN
    for row in rows:
        tau = taus[row["task"]][row["parameter"]]
        assert row["n"] == len(tau)
        assert row["zeros"] == (tau == 0).sum()
        assert row["l1"] == pytest.approx(np.abs(tau).sum(), rel=1e-6)
        assert row["l2"] == pytest.approx(np.linalg.norm(tau), rel=1e-6)
        assert row["rms"] == pytest.approx(np.sqrt((tau**2).mean()), rel=1e-6)
        assert row["max"] == pytest.approx(np.abs(tau).max())
        assert row["relative"] == pytest.approx(
            np.linalg.norm(tau) / np.linalg.norm(base[row["parameter"]]), rel=1e-6
        )
        assert row["layer"] == layer_of(row["parameter"])
    packed = next(row for row in rows if row["parameter"].endswith("0.attn.in_proj_weight"))
    assert packed["component"] == "attn_qkv"


@pytest.mark.parametrize(("scope", "has"), [("all", FROZEN), ("changed", set()), ("blocks", set())])
def test_scope_decides_which_parameters_are_listed(zoo, scope, has):
    names = {row["parameter"] for row in reported(zoo, "norms", "--scope", scope)}

    assert names & FROZEN == has
    assert ("visual.proj" in names) == (scope != "blocks")


def test_signs_of_all_weights_are_those_of_the_files(zoo):
    taus, _ = updates(zoo)

    report = reported(zoo, "signs", "--density", 1)

    for row in report["pairs"]:
        names = [n for n in taus["deep"] if n not in FROZEN and layer_of(n) == row["layer"]]
        a, b = (np.concatenate([taus[row[key]][n] for n in names]) for key in ("task_a", "task_b"))
        assert row["agree"] == (a * b > 0).sum()
        assert row["conflict"] == (a * b < 0).sum()
        assert row["agree"] + row["conflict"] + row["one_or_both_zero"] == len(a)
    assert [(row["task_a"], row["task_b"]) for row in report["pairs"]][:: len(report["layers"])] == PAIRS
    for row in report["layers"]:
        names = [n for n in taus["deep"] if n not in FROZEN and layer_of(n) == row["layer"]]
        signs = np.sign([np.concatenate([taus[task][n] for n in names]) for task in TASKS])
        movers, total = (signs != 0).sum(axis=0), np.abs(signs.sum(axis=0))
        assert row["untouched"] == (movers == 0).sum()
        assert row["one_task"] == (movers == 1).sum()
        assert row["agree"] == ((movers > 1) & (total == movers)).sum()
        assert row["conflict"] == ((movers > 1) & (total < movers)).sum()


def test_signs_are_trimmed_to_a_fifth_unless_asked_otherwise(zoo):
    plain, fifth = reported(zoo, "signs"), reported(zoo, "signs", "--density", 0.2)
    whole = reported(zoo, "signs", "--density", 1)

    assert plain == fifth
    assert sum(row["untouched"] for row in plain["layers"]) > sum(row["untouched"] for row in whole["layers"])


@pytest.mark.parametrize("vector", ["sum", "ties"])
def test_masks_are_counted_once_and_add_up(zoo, vector):
    report = reported(zoo, "masks", "--tall-lambda", 0.5, "--vector", vector)

    assert (report["scope"], report["vector"]) == ("changed", vector)
    assert report["tall_lambda"] == dict.fromkeys(TASKS, 0.5)
    assert sum(report["kept_by"]) == report["n"]
    assert sum(report["densities"].values()) * report["n"] == pytest.approx(
        sum(k * n for k, n in enumerate(report["kept_by"]))
    )
    for column in range(len(TASKS) + 1):
        assert sum(row["kept_by"][column] for row in report["by_layer"]) == report["kept_by"][column]
    assert sum(row["untouched"] for row in report["by_layer"]) == report["untouched"]


def test_masks_of_the_sum_are_those_of_the_files(zoo):
    base = load_file(zoo / "base.safetensors")
    names = [name for name in base if name not in FROZEN]
    deltas = torch.stack(
        [
            torch.cat(
                [(load_file(zoo / f"{task}.safetensors")[name] - base[name]).flatten() for name in names]
            )
            for task in TASKS
        ]
    )
    total = deltas[0] + deltas[1] + deltas[2]
    kept = (deltas.abs() > 0.4 * (total - deltas).abs()).sum(dim=0)

    report = reported(zoo, "masks")

    assert report["kept_by"] == torch.bincount(kept, minlength=4).tolist()
    assert report["untouched"] == int((deltas == 0).all(dim=0).sum())


def test_similarity_is_the_cosine_of_the_files_and_pairs_are_in_the_zoos_order(zoo):
    taus, _ = updates(zoo)

    rows = reported(zoo, "similarity")

    assert [(row["task_a"], row["task_b"]) for row in rows] == PAIRS
    for row in rows:
        a, b = (np.concatenate(list(taus[row[key]].values())) for key in ("task_a", "task_b"))
        assert row["cosine"] == pytest.approx(a @ b / np.linalg.norm(a) / np.linalg.norm(b), abs=1e-6)


def test_interference_has_every_ordered_pair_with_its_intervals(zoo):
    rows = reported(zoo, "interference")

    assert [(row["task"], row["other"]) for row in rows] == [(a, b) for a in TASKS for b in TASKS if a != b]
    for row in rows:
        assert row["alone_accuracy"] == 0.9
        assert row["difference"] == pytest.approx(row["merged_accuracy"] - 0.9)
        assert row["loss_low"] <= row["loss_difference"] <= row["loss_high"]
        assert row["p"] <= row["adjusted_p"]


def test_a_zoo_of_weights_alone_is_measured_but_for_interference(tmp_path):
    zoo = write_zoo(tmp_path / "weights", with_encoder=False)

    for what in ("norms", "signs", "masks", "similarity"):
        assert reported(zoo, what)
    refused = call(zoo, "interference")

    assert refused.exit_code == 2
    assert refused.stderr.count("\n") == 1
    assert "Interference needs two tasks" in refused.stderr


def test_what_is_undefined_is_null_and_never_a_number(tmp_path):
    zoo = write_zoo(tmp_path / "still", tasks=["shallow", "deep"])
    base = (zoo / "base.safetensors").read_bytes()
    (zoo / "deep.safetensors").write_bytes(base)

    (row,) = reported(zoo, "similarity")

    assert row["cosine"] is None


def test_csv_has_the_numbers_of_the_json(zoo):
    result = call(zoo, "similarity", "--csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))

    expected = reported(zoo, "similarity")
    assert [float(row["cosine"]) for row in rows] == [row["cosine"] for row in expected]


def test_csv_of_several_tables_puts_an_empty_line_between_them(zoo):
    pairs, layers = call(zoo, "signs", "--csv").stdout.strip().split("\n\n")

    assert pairs.startswith("task_a,task_b,tower,layer,agree,conflict,one_or_both_zero\n")
    assert layers.startswith("tower,layer,agree,conflict,one_task,untouched\n")


def test_text_is_aligned_and_names_its_tables(zoo):
    text = call(zoo, "signs").stdout

    assert text.startswith("pairs\ntask_a")
    assert "\n\nlayers\ntower" in text


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["colours"], "'colours' is not one of"),
        (["norms", "--scope", "some"], "'some' is not one of"),
        (["signs", "--density", "1.5"], "1.5 is not in the range 0<=x<=1"),
        (["masks", "--tall-lambda", "-1"], "-1.0 is not in the range x>=0"),
        (["masks", "--tall-lambda", "nan"], "'nan' is not a number"),
        (["masks", "--vector", "mean"], "'mean' is not one of"),
        (["interference", "--scaling", "inf"], "must be finite"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(zoo, arguments, shown):
    result = call(zoo, *arguments)

    assert result.exit_code == 2
    assert shown in result.stderr
    assert "Traceback" not in result.stderr


def test_a_second_call_reads_what_the_first_found(zoo, monkeypatch):
    first = reported(zoo, "norms")
    monkeypatch.setattr("app.bench.weight_statistics.statistics", None)

    assert reported(zoo, "norms") == first


REPORTS = ("norms", "signs", "masks", "similarity", "interference")
FORMS = (("--json",), ("--csv",), ())


def printed(zoo):
    """Every report of a zoo in every form, or the sentence it is refused with."""
    texts = {}
    for what in REPORTS:
        for form in FORMS:
            result = call(zoo, what, *form)
            assert result.exit_code in (0, 2)
            assert "Traceback" not in result.stderr
            texts[what, form] = result.stdout if result.exit_code == 0 else result.stderr
            if result.exit_code == 0:
                assert not {"nan", "inf"} & set(re.findall("[a-z]+", result.stdout.lower()))
                if form == ("--json",):
                    json.loads(result.stdout, parse_constant=pytest.fail)
    return texts


def scaled(zoo, factor):
    """The zoo with all weights multiplied."""
    for path in [zoo / "base.safetensors", *(zoo / f"{task}.safetensors" for task in TASKS)]:
        save_file({name: weight * factor for name, weight in load_file(path).items()}, path)
    return zoo


@pytest.mark.parametrize("factor", [1e-40, 1e-30, 1e-22, 1e19, 1e30, 3e37])
def test_norms_and_cosines_do_not_depend_on_the_magnitude_of_weights(zoo, factor):
    ordinary = reported(zoo, "similarity"), reported(zoo, "norms")

    texts = printed(scaled(zoo, factor))

    few_bits = factor < 1e-38  # denormal
    similarity, norms = (json.loads(texts[what, ("--json",)]) for what in ("similarity", "norms"))
    for row, before in zip(similarity, ordinary[0], strict=True):
        assert row["cosine"] == pytest.approx(before["cosine"], abs=0.1 if few_bits else 1e-4)
    for row, before in zip(norms, ordinary[1], strict=True):
        assert row["l2"] == pytest.approx(before["l2"] * factor, rel=0.3 if few_bits else 1e-4)
        assert (row["l2"] > 0) == (row["l1"] > 0)


@pytest.mark.parametrize("n", [1, 2])
def test_fewest_images_leave_dashes_and_empty_cells(zoo, n):
    for task in TASKS:
        path = zoo / f"{task}_val.safetensors"
        save_file({name: values[:n].contiguous() for name, values in load_file(path).items()}, path)

    texts = printed(zoo)

    rows = json.loads(texts["interference", ("--json",)])
    assert {row["n"] for row in rows} == {n}
    assert all((row["loss_low"] is None) == (n == 1) for row in rows)
    assert n > 1 or "–" in texts["interference", ()]


def test_shipping_writes_what_was_measured_and_says_so(zoo):
    result = call(zoo, "interference", "--json", "--ship")

    assert result.exit_code == 0
    assert re.search(r"Note: Shipped \d+ runs and 0 other results in '.*/runs\.parquet' \(\d+", result.stderr)
    assert (zoo / "runs.parquet").stat().st_size > 0
    assert reported(zoo, "interference") == json.loads(result.stdout)
