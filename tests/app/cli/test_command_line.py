import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import duckdb
import pytest
import torch
from click.testing import CliRunner
from safetensors.torch import load_file, save_file

from app.__main__ import commands
from app.bench.export import DTYPES
from app.bench.workbenches import Workbenches
from app.words.recipe_text import recipe_from_yaml
from app.work.jobs import JobContext
from app.zoo.devices import available_devices
from cache.store import Store
from tests.lora_on_disk import write_adapter
from tests.resnet_zoo import write_resnet_zoo
from tests.zoo_layouts import hugging_face
from tests.zoo_on_disk import TASKS, write_zoo

ROOT = Path(__file__).parents[3]
TIES = "method: ties\nlines: {beta: 0.6}\n"


@pytest.fixture(autouse=True)
def own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("TAUSCOPE_CACHE", str(tmp_path / "store"))
    for name in ("ZOO", "ROOTS", "DATA", "DEVICE", "SAVE_TO"):
        monkeypatch.delenv(f"TAUSCOPE_{name}", raising=False)


@pytest.fixture
def zoo(tmp_path):
    return write_zoo(tmp_path / "zoo", controls=["letters"])


@pytest.fixture
def recipe(tmp_path):
    path = tmp_path / "recipe.yaml"
    path.write_text("scaling: 0.4\n", encoding="utf-8")
    return path


def call(*arguments):
    device = ["--device", "cpu"] if arguments[0] in ("merge", "evaluate", "inspect") else []
    result = CliRunner().invoke(commands, [*map(str, arguments), *device])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def reported(*arguments):
    result = call(*arguments, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)


def refusal(*arguments):
    result = call(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: ")
    assert result.stderr.endswith((".\n", "?\n"))
    assert result.stderr.count("\n") == 1
    return result.stderr


def rewrite(path, change):
    tensors = load_file(path)
    change(tensors)
    save_file(tensors, path)


def test_evaluation_is_written_in_the_words_of_the_design(zoo, recipe):
    report = reported("evaluate", zoo, recipe)

    score = ["task", "n", "correct", "accuracy", "low", "high", "loss", "normalized_accuracy"]
    mean = ["accuracy", "low", "high", "normalized_accuracy", "normalized_low", "normalized_high"]
    assert list(report) == ["recipe", "split", "tasks", "controls", "mean", "skipped"]
    assert [list(one) for one in report["tasks"]] == [score] * 3
    assert [one["task"] for one in report["tasks"]] == list(TASKS)
    assert [(one["task"], one["normalized_accuracy"]) for one in report["controls"]] == [("letters", None)]
    assert list(report["mean"]) == mean
    assert report["skipped"] == []
    assert report["recipe"] == {
        "method": "task_arithmetic",
        "params": {},
        "weights": dict.fromkeys(TASKS, 1.0),
        "scaling": 0.4,
        "scope": "changed",
        "seed": 0,
    }


def test_all_validation_images_count_unless_asked_otherwise(zoo, recipe):
    everything, test, some = (
        reported("evaluate", zoo, recipe, *options)
        for options in ([], ["--split", "test"], ["--images", "10"])
    )

    assert [(one["split"], one["tasks"][0]["n"]) for one in (everything, test, some)] == [
        ("val", 40),
        ("test", 60),
        ("val", 10),
    ]


@pytest.mark.parametrize("n_images", [7, 25, 1000])
def test_images_are_those_of_the_lab(zoo, recipe, tmp_path, n_images):
    recipe.write_text(TIES, encoding="utf-8")
    lab = Store.open(tmp_path / "lab")
    bench = Workbenches(lab).open(zoo, JobContext(), device="cpu")

    run = bench.run(recipe_from_yaml(TIES, tasks=bench.tasks), n_images=n_images).compute(JobContext())

    report = reported("evaluate", zoo, recipe, "--images", n_images)
    assert report["tasks"] == [
        {name: getattr(score, name) for name in report["tasks"][0]} for score in run.tasks
    ]
    assert report["mean"]["accuracy"] == run.mean.accuracy
    lab.close()


def test_merged_file_scores_what_its_recipe_does(zoo, recipe, tmp_path):
    recipe.write_text(TIES, encoding="utf-8")
    again = write_zoo(tmp_path / "again", controls=["letters"])
    plain = tmp_path / "plain.yaml"
    plain.write_text("scaling: 1\nweights: {shallow: 1, deep: 0, everywhere: 0}\n", encoding="utf-8")
    out = tmp_path / "out.safetensors"

    written = call("merge", zoo, recipe, "-o", out)
    out.replace(again / "shallow.safetensors")

    assert (written.exit_code, written.stdout) == (0, f"{out}\n")
    for split in ("val", "test"):
        direct, loaded = (
            reported("evaluate", *what, "--split", split) for what in ([zoo, recipe], [again, plain])
        )
        for group in ("tasks", "controls"):
            assert [one["correct"] for one in direct[group]] == [one["correct"] for one in loaded[group]]
    assert direct["tasks"][0]["accuracy"] not in (0.0, 1.0)


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_type_of_weights_can_be_asked_for(zoo, recipe, tmp_path, dtype):
    out = tmp_path / "out.safetensors"

    assert call("merge", zoo, recipe, "-o", out, "--dtype", dtype).exit_code == 0

    written = reported("inspect", out)
    assert list(written["dtypes"]) == [dtype if dtype != "base" else "float32"]
    assert written["metadata"]["dtype"] == dtype


def test_table_shows_accuracies_in_percent_and_controls_apart(zoo, recipe):
    recipe.write_text("scaling: 1\nweights: {deep: 0, everywhere: 0}\n", encoding="utf-8")

    lines = call("evaluate", zoo, recipe).stdout.splitlines()

    assert lines[0] == "task_arithmetic on validation images"
    assert lines[3].split()[:4] == ["shallow", "40", "90.0", "%"]
    assert "100.0\xa0%" in lines[3]
    assert [line.split()[0] for line in lines[3:]] == [*TASKS, "mean", "letters"]


def test_zoo_without_encoder_evaluates_to_nothing_which_a_script_can_see(tmp_path, recipe):
    zoo = write_zoo(tmp_path / "bare", with_encoder=False)

    result = call("evaluate", zoo, recipe, "--json")

    report = json.loads(result.stdout)
    assert result.exit_code == 2
    assert result.stderr == "Error: Nothing was evaluated on val images: zoo.toml has no [encoder].\n"
    assert (report["tasks"], report["controls"]) == ([], [])
    assert set(report["mean"].values()) == {None}
    assert report["skipped"][0] == {"task": "shallow", "reason": "zoo.toml has no [encoder]"}
    assert "'deep' is not evaluated: zoo.toml has no [encoder]." in call("evaluate", zoo, recipe).stdout


def test_weights_beyond_float32_have_no_accuracy(zoo, recipe):
    recipe.write_text("scaling: 1.0e+38\nscope: all\n", encoding="utf-8")

    result = call("evaluate", zoo, recipe, "--json")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "The merge has no accuracy" in result.stderr


def test_unmet_expectation_is_a_warning_on_either_split(tmp_path, recipe):
    zoo = write_zoo(tmp_path / "zoo", expected={"finetuned": 0.2})

    on_test = call("evaluate", zoo, recipe, "--split", "test", "--json")

    assert on_test.exit_code == 0
    assert on_test.stderr.startswith("Warning: 'shallow' scores 90.0 % finetuned on test")
    assert json.loads(on_test.stdout)["split"] == "test"
    assert call("evaluate", zoo, recipe).stderr.startswith(
        "Warning: 'shallow' scores 90.0 % finetuned on val"
    )


def test_store_in_use_by_another_process_is_noted_and_costs_nothing(zoo, recipe, tmp_path):
    alone = call("evaluate", zoo, recipe)
    code = "import sys; from cache.store import Store\n"
    code += "store = Store.open(); print('open', flush=True); sys.stdin.read()"
    other = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with other:
        assert other.stdout.readline() == "open\n"
        beside = call("evaluate", zoo, recipe)

    assert (beside.exit_code, beside.stdout) == (0, alone.stdout)
    assert beside.stderr.startswith("Note: Another process uses the results")


def test_evaluations_are_kept_and_those_on_test_are_counted(zoo, recipe):
    reported("evaluate", zoo, recipe)
    reported("evaluate", zoo, recipe, "--split", "test")

    store = Store.open()
    history = Workbenches(store).open(zoo, JobContext(), device="cpu").history
    assert [(run.record.kind, run.record.split) for run in history.latest()] == [
        ("cli", "test"),
        ("cli", "val"),
    ]
    assert history.test_evaluations == 1
    store.close()


def test_device_that_is_not_there_is_refused(zoo, recipe):
    absent = ({"cuda", "mps"} - set(available_devices())).pop()

    result = CliRunner().invoke(commands, ["evaluate", str(zoo), str(recipe), "--device", absent])

    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: This machine has no device '{absent}'; choose one of ")


def test_inspecting_a_zoo_shows_what_fits_and_what_can_be_evaluated(tmp_path):
    zoo = write_zoo(tmp_path / "zoo", controls=["letters"], splits=["val"], int_buffer=True)

    report = reported("inspect", zoo)

    assert (report["zoo"], report["device"]) == ("Tiny zoo", "cpu")
    assert [one["name"] for one in report["checkpoints"]] == ["base", *TASKS]
    assert report["evaluation"]["val"] == {
        "tasks": [{"task": task, "n": 40} for task in TASKS],
        "controls": [{"task": "letters", "n": 40}],
        "skipped": [],
    }
    assert report["evaluation"]["test"]["skipped"][3] == {
        "task": "letters",
        "reason": "zoo.toml gives it no test set",
    }
    assert report["memory"]["needed"] == 6 * 4 * report["weights"]
    assert report["carried"] == ["visual.position_ids"]
    assert reported("inspect", zoo / "zoo.toml") == report


def test_inspecting_a_file_reads_its_header(tmp_path):
    path = tmp_path / "model.safetensors"
    tensors = {
        "visual.conv1.weight": torch.zeros(2, 3),
        "visual.transformer.resblocks.0.mlp.c_fc.weight": torch.zeros(4, dtype=torch.float16),
        "visual.transformer.resblocks.1.mlp.c_fc.weight": torch.zeros(4, dtype=torch.float16),
        "visual.position_ids": torch.arange(2),
    }
    save_file(tensors, path, {"recipe": "scaling: 0.4\nscope: all"})

    report = reported("inspect", path)

    assert (report["format"], report["bytes"]) == ("safetensors", path.stat().st_size)
    assert report["tensors"] == 4
    assert report["dtypes"] == {"float16": 2, "float32": 1, "int64": 1}
    assert report["towers"] == {"visual": {"layers": 2, "tensors": 3, "weights": 14}}
    assert report["components"]["mlp_in"] == {"tensors": 2, "weights": 8}
    assert report["carried"] == ["visual.position_ids"]
    assert "recipe:\n  scaling: 0.4\n  scope: all\n" in call("inspect", path).stdout


def test_text_about_a_zoo_names_every_checkpoint_and_its_images(zoo):
    shown = call("inspect", zoo).stdout

    assert "3 layers" in shown
    assert "validation images: shallow 40, deep 40, everywhere 40, letters 40 (control)\n" in shown
    for name in ("base", *TASKS):
        assert any(line.split()[:2] == [name, "safetensors"] for line in shown.splitlines())


def test_task_vectors_that_look_wrong_are_warned_about_with_the_number(zoo, recipe):
    rewrite(zoo / "base.safetensors", lambda base: [weight.mul_(-1) for weight in base.values()])

    assert "Warning: The updates are large against the base" in call("evaluate", zoo, recipe).stderr
    assert "were these models fine-tuned from this base?" in call("inspect", zoo).stderr


def truncated(zoo):
    path = zoo / "deep.safetensors"
    path.write_bytes(path.read_bytes()[:-100])


def lying_header(zoo):
    path = zoo / "deep.safetensors"
    header = {"a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 4]}}
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + bytes(4))


def wrong_shape(zoo):
    rewrite(zoo / "deep.safetensors", lambda task: task.update({"visual.proj": torch.zeros(16, 9)}))


def renamed(zoo):
    rewrite(
        zoo / "deep.safetensors", lambda task: task.update({f"{name}x": task.pop(name) for name in [*task]})
    )


def not_a_number(zoo):
    rewrite(zoo / "deep.safetensors", lambda task: task["visual.proj"].fill_(torch.nan))


def wide_head(zoo):
    rewrite(zoo / "heads.safetensors", lambda heads: heads.update({"deep": torch.zeros(3, 9)}))


def far_labels(zoo):
    rewrite(zoo / "deep_val.safetensors", lambda images: images["labels"].fill_(7))


def typo(zoo):
    path = zoo / "zoo.toml"
    path.write_text(path.read_text("utf-8").replace("[encoder]", "[encodr]"), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "shown"),
    [
        (lambda zoo: (zoo / "deep.safetensors").unlink(), "deep.safetensors"),
        (truncated, "deep.safetensors"),
        (lying_header, "deep.safetensors"),
        (wrong_shape, "'visual.proj' has shape (16, 9), the base has (16, 8)"),
        (renamed, "Task 'deep' names other parameters than the base: '"),
        (not_a_number, "'visual.proj'"),
        (typo, "unknown key 'encodr'"),
    ],
)
def test_zoo_that_cannot_be_used_is_refused_in_a_sentence(zoo, recipe, tmp_path, damage, shown):
    damage(zoo)

    assert shown in refusal("evaluate", zoo, recipe)
    assert shown in refusal("merge", zoo, recipe, "-o", tmp_path / "out.safetensors")
    assert shown in refusal("inspect", zoo)
    assert not (tmp_path / "out.safetensors").exists()


@pytest.mark.parametrize(
    ("damage", "status", "reason"),
    [
        (wide_head, 0, "Head 'deep' of 'deep' is torch.float32 of shape"),
        (far_labels, 0, "Labels in the val set of 'deep' run from 7 to 7"),
        (lambda zoo: (zoo / "deep_val.safetensors").unlink(), 0, "No such file"),
        (lambda zoo: (zoo / "heads.safetensors").write_text("no tensors"), 2, "cannot be read"),
        (lambda zoo: (zoo / "config.json").write_text("{"), 2, "config.json"),
    ],
)
def test_what_only_evaluation_needs_is_not_needed_for_weights(zoo, recipe, tmp_path, damage, status, reason):
    damage(zoo)

    assert call("merge", zoo, recipe, "-o", tmp_path / "out.safetensors").exit_code == 0
    assert call("measure", zoo, "norms").exit_code == 0
    evaluated, inspected = call("evaluate", zoo, recipe), call("inspect", zoo)
    for shown in (evaluated, inspected):
        assert "'deep' is not evaluated: " in shown.stdout
        assert reason in shown.stdout
    assert (evaluated.exit_code, inspected.exit_code) == (status, 0)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("method: magic\nscaling: 1\n", "magic"),
        ("method: ties\nparams: {density: 20}\nscaling: 1\n", "density is 20; it must lie in [0, 1]"),
        ("weights: {cars: 1}\nscaling: 1\n", "weighs task 'cars', which the zoo does not have"),
        ("scaling: [", "not valid YAML"),
        ("{}", "exactly one of scaling, lines and curve"),
        ("#" * 70_000, "at most 65536 are read"),
        ("lines: {beta: 1}\nweights: {deep: -1}\n", "Give α a number"),
    ],
)
def test_recipe_that_cannot_be_used_is_refused_in_a_sentence(zoo, recipe, tmp_path, text, shown):
    recipe.write_text(text, encoding="utf-8")

    assert shown in refusal("evaluate", zoo, recipe)
    assert shown in refusal("merge", zoo, recipe, "-o", tmp_path / "out.safetensors")


def test_recipe_is_checked_before_any_weight_is_read(zoo, recipe):
    recipe.write_text("method: magic\nscaling: 1\n", encoding="utf-8")
    (zoo / "base.safetensors").unlink()

    assert "magic" in refusal("evaluate", zoo, recipe)


@pytest.mark.parametrize("command", ["evaluate", "merge"])
def test_recipe_file_that_cannot_be_read_is_refused_in_a_sentence(zoo, tmp_path, command):
    options = ["-o", tmp_path / "out.safetensors"] if command == "merge" else []

    assert "No such file or directory" in refusal(command, zoo, tmp_path / "none.yaml", *options)
    assert "it is a folder, not a file" in refusal(command, zoo, tmp_path, *options)
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    assert "is not text" in refusal(command, zoo, tmp_path / "binary.yaml", *options)


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["inspect", "none.safetensors"], "No such file or directory"),
        (["inspect", "x" * 300], "File name too long"),
        (["evaluate", "none", "recipe.yaml"], "has no zoo.toml"),
        (["merge", "zoo", "recipe.yaml"], "Missing option '-o'"),
        (["merge", "zoo", "recipe.yaml", "-o", "out.pt"], "must end in .safetensors"),
        (["merge", "zoo", "recipe.yaml", "-o", "zoo/deep.safetensors"], "one of the zoo's own files"),
        (["evaluate", "zoo", "recipe.yaml", "--images", "0"], "x>=1"),
        (["evaluate", "zoo", "recipe.yaml", "--split", "train"], "'train' is not one of"),
        (["evaluate", "zoo", "recipe.yaml", "--root", "none"], "'none' does not exist"),
        (["--zoo", "zoo", "inspect", "zoo"], "--zoo before 'inspect' would have no effect"),
        (["--zoo", "none"], "has no zoo.toml"),
        (["--nonsense"], "No such option"),
        (["explain"], "No such command"),
    ],
)
def test_call_that_makes_no_sense_is_refused_in_a_sentence(
    zoo, recipe, tmp_path, monkeypatch, arguments, shown
):
    monkeypatch.chdir(tmp_path)

    assert shown in refusal(*arguments)


def test_absolute_paths_are_accepted_under_a_named_root(zoo, recipe, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (zoo / "deep.safetensors").rename(elsewhere / "deep.safetensors")
    file = zoo / "zoo.toml"
    file.write_text(
        file.read_text("utf-8").replace("'deep.safetensors'", f"'{elsewhere}/deep.safetensors'"), "utf-8"
    )

    assert "leads out of the zoo's folder" in refusal("evaluate", zoo, recipe)
    roots = ["--root", tmp_path / "store", "--root", elsewhere]
    (tmp_path / "store").mkdir(exist_ok=True)
    assert len(reported("evaluate", zoo, recipe, *roots)["tasks"]) == 3


@pytest.fixture
def started(monkeypatch):
    """What would have become the server: its folder, and then its program, command and environment."""
    calls = []
    monkeypatch.setattr(os, "chdir", calls.append)
    monkeypatch.setattr(os, "execve", lambda *call: calls.append(call))
    return calls


def test_app_starts_in_place_with_what_was_chosen(zoo, tmp_path, started):
    call(
        "--zoo", zoo, "--root", tmp_path, "--root", zoo, "--data", tmp_path, "--device", "cpu", "--no-browser"
    )

    folder, (program, command, environment) = started
    assert (folder, program) == (ROOT, sys.executable)
    run = ["-m", "streamlit", "run", "app/main.py"]
    assert command[1:] == [*run, "--server.address=localhost", "--server.headless=true"]
    assert environment["TAUSCOPE_ZOO"] == str(zoo)
    assert environment["TAUSCOPE_ROOTS"] == f"{tmp_path}{os.pathsep}{zoo}"
    assert (environment["TAUSCOPE_DATA"], environment["TAUSCOPE_DEVICE"]) == (str(tmp_path), "cpu")


def test_app_saves_where_it_was_started_though_it_runs_elsewhere(zoo, tmp_path, started):
    beside = Path.cwd() / "merged"

    call("--zoo", zoo)
    call("--zoo", zoo, "--save-to", tmp_path / "out")

    assert [environment["TAUSCOPE_SAVE_TO"] for _, _, environment in started[1::2]] == [
        str(beside),
        str(tmp_path / "out"),
    ]


def test_app_served_to_others_states_plainly_what_they_can_do(zoo, tmp_path, started):
    alone = call("--zoo", zoo)
    opened = call("--zoo", zoo, "--save-to", tmp_path / "out", "--host", "0.0.0.0")

    assert alone.stderr == ""
    assert opened.stderr.startswith("Note: Whoever reaches 0.0.0.0 over the network can use this app without")
    assert str(zoo) in opened.stderr
    assert f"save files below '{tmp_path / 'out'}'" in opened.stderr
    assert "--server.address=0.0.0.0" in started[-1][1]


@pytest.mark.parametrize("host", ["192.0.2.1", "no such name", "a" * 300, "::zz"])
def test_address_of_another_machine_is_refused(zoo, host, started):
    assert "is no address of this machine" in refusal("--zoo", zoo, "--host", host)
    assert started == []


def test_empty_address_is_not_taken_for_every_network(zoo, started):
    assert "--host is empty" in refusal("--zoo", zoo, "--host", "")
    assert started == []


def test_taken_port_is_refused(zoo):
    with socket.socket() as taken:
        taken.bind(("", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert f"Port {port} cannot be used" in refusal("--zoo", zoo, "--port", port)


@pytest.mark.parametrize(("split", "status"), [("val", 0), ("test", 2)])
def test_split_that_no_task_has_is_an_error(tmp_path, recipe, split, status):
    zoo = write_zoo(tmp_path / "zoo", splits=["val"])

    result = call("evaluate", zoo, recipe, "--split", split)

    assert result.exit_code == status
    refusal = "Error: Nothing was evaluated on test images: zoo.toml gives it no test set.\n"
    assert result.stderr == (refusal if status else "")


def test_warnings_of_libraries_are_not_printed(tmp_path):
    torch.save({"a": torch.zeros(2)}, tmp_path / "a.pt", pickle_protocol=4)
    command = [sys.executable, "-m", "app", "inspect", tmp_path / "a.pt"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert "Warning" not in done.stderr
    assert done.stderr.count("\n") <= 1


@pytest.mark.parametrize("arguments", [["--help"], ["evaluate", "--help"], ["evaluate", "none", "none"]])
def test_answers_that_need_no_weights_load_nothing_heavy(arguments):
    code = "import sys; sys.argv[0] = 'app'; from app.__main__ import commands\n"
    code += "try:\n    commands()\nfinally:\n    print(*sys.modules, file=sys.stderr)"

    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60
    )

    loaded = set(done.stderr.split())
    assert "click" in loaded
    assert not {"torch", "numpy", "streamlit", "open_clip", "duckdb"} & loaded
    assert ("pydantic" in loaded) == ("none" in arguments)


def test_app_opens_and_ends_quietly_on_ctrl_c(zoo):
    with socket.socket() as probe:
        probe.bind(("", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "app", "--zoo", str(zoo), "--port", str(port), "--no-browser"]
    server = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert answer(port, within=60) == b"ok"
        with pytest.raises(OSError, match=r"refused|timed out|assign"):  # another address of this machine
            socket.create_connection(("127.0.0.2", port), timeout=5)
        server.send_signal(signal.SIGINT)
        shown, _ = server.communicate(timeout=30)
    finally:
        server.kill()

    assert server.returncode == 0
    assert "Traceback" not in shown


def answer(port, *, within):
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            with urlopen(f"http://localhost:{port}/_stcore/health", timeout=5) as response:
                return response.read()
        except (URLError, ConnectionError):
            time.sleep(0.1)
    return None


@pytest.mark.parametrize("cache", ["/dev/null", "/proc/self", "damaged", "newer", "~nobody-here", "a" * 300])
@pytest.mark.parametrize("command", ["merge", "evaluate", "inspect", "measure"])
def test_no_command_needs_a_history(command, cache, zoo, recipe, tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    if cache in ("damaged", "newer"):
        Store.open(folder).close()
        with duckdb.connect(folder / "results.duckdb") as connection:
            damage = "drop table runs" if cache == "damaged" else "update schema_version set version = 9"
            connection.execute(damage).fetchall()
    monkeypatch.setenv("TAUSCOPE_CACHE", str(folder) if folder.exists() else cache)
    monkeypatch.chdir(tmp_path)
    out = tmp_path / "out.safetensors"
    arguments = {
        "merge": [zoo, recipe, "-o", out],
        "evaluate": [zoo, recipe, "--json"],
        "inspect": [zoo, "--json"],
        "measure": [zoo, "norms"],
    }

    result = call(command, *arguments[command])

    assert result.exit_code == 0
    assert result.stdout
    if cache != "~nobody-here":  # a folder of this name, beside where it was started
        assert result.stderr.startswith("Note: ")
        assert result.stderr.count("\n") == 1
        assert "This session's runs are not kept." in result.stderr
    assert out.exists() == (command == "merge")


def test_evaluate_refuses_a_merge_whose_outputs_are_not_finite(tmp_path):
    zoo, recipe = write_resnet_zoo(tmp_path / "zoo"), tmp_path / "sum.yaml"
    recipe.write_text("scaling: 1.0\n", encoding="utf-8")

    for form in ((), ("--json",)):
        result = call("evaluate", zoo, recipe, *form)

        assert (result.exit_code, result.stdout) == (2, "")
        assert (
            "The merge has no accuracy on 't0': NaN or infinity appears first in 'visual.bn1'"
            in result.stderr
        )


def test_inspecting_a_models_folder_an_adapter_and_a_part_of_a_file(tmp_path):
    hugging_face(tmp_path)
    write_adapter(
        tmp_path / "adapter", {"q.lora_A.weight": torch.ones(2, 3), "q.lora_B.weight": torch.ones(4, 2)}
    )
    torch.save({"state_dict": {"a": torch.ones(2)}, "ema": {"b": torch.ones(5)}}, tmp_path / "a.pt")

    def n_weights(path):
        return reported("inspect", path)["weights"]

    assert n_weights(tmp_path / "clip") == 20
    assert n_weights(tmp_path / "adapter") == 14
    assert n_weights(f"{tmp_path / 'a.pt'}#ema") == 5
