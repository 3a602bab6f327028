"""The command `python -m app`: opens the app; merges, evaluates, measures and inspects without a browser.

What a command needs is imported when it runs, so that `--help` answers at once.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from app.cli.launch import launch
from app.cli.options import FILE_PATH, ZOO_PATH, Commands, Range, chooses, notify, opened, show
from app.settings import DEMO_ZOO, ZOO, Settings

if TYPE_CHECKING:
    from analysis.merge.recipe import Recipe
    from app.bench.workbench import Workbench


@click.group(cls=Commands, invoke_without_command=True)
@click.option(
    "--zoo", type=ZOO_PATH, envvar=ZOO, default=DEMO_ZOO, metavar="FOLDER", help="The demo zoo by default."
)
@chooses
@click.option(
    "--port", type=click.IntRange(1, 65535), metavar="N", help="8501 by default, or the next free port."
)
@click.option("--no-browser", is_flag=True, help="Serve the app without opening a browser.")
@click.pass_context
def commands(context: click.Context, chosen: Settings, port: int | None, no_browser: bool) -> None:
    """Open Tauscope in the browser, or run a command without one."""
    if context.invoked_subcommand is not None:
        _refuse_misplaced_options(context)
        return
    from app.zoo.zoo_file import read_zoo_file

    read_zoo_file(chosen.zoo, roots=chosen.roots)
    launch(chosen, port=port, opens_browser=not no_browser)


def _refuse_misplaced_options(context: click.Context) -> None:
    for parameter in context.command.params:
        if context.get_parameter_source(parameter.name or "") is ParameterSource.COMMANDLINE:
            raise click.UsageError(
                f"{parameter.opts[0]} before '{context.invoked_subcommand}' would have no effect; "
                "write a command's options after its name."
            )


@commands.command()
@click.argument("zoo", type=ZOO_PATH)
@click.argument("recipe_file", metavar="RECIPE.yaml", type=FILE_PATH)
@click.option("-o", "output", type=FILE_PATH, required=True, metavar="OUT.safetensors", help="File to write.")
@click.option(
    "--dtype",
    type=click.Choice(["float32", "base", "float16", "bfloat16"]),
    default="float32",
    show_default=True,
    help="Type of the weights written; 16 bits change a few predictions.",
)
@chooses
def merge(chosen: Settings, recipe_file: Path, output: Path, dtype: str) -> None:
    """Write the merge of a recipe to a file."""
    recipe = _recipe(chosen, recipe_file)
    from app.bench.export import export_merged
    from app.work.jobs import JobContext

    with opened(chosen) as bench:
        click.echo(export_merged(bench, recipe, output, JobContext(), dtype=dtype))


@commands.command()
@click.argument("zoo", type=ZOO_PATH)
@click.argument("recipe_file", metavar="RECIPE.yaml", type=FILE_PATH)
@click.option("--split", type=click.Choice(["val", "test"]), default="val", show_default=True)
@click.option("--images", type=click.IntRange(min=1), metavar="N", help="Images per task; all by default.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@chooses
def evaluate(chosen: Settings, recipe_file: Path, split: str, images: int | None, as_json: bool) -> None:
    """Measure the merge of a recipe on every task and control."""
    recipe = _recipe(chosen, recipe_file)
    from app.bench.expectations import unmet_expectations
    from app.cli.report import run_report
    from app.cli.report_text import run_text
    from app.work.jobs import JobContext

    with opened(chosen) as bench:
        run = bench.measure(recipe, JobContext(), split=split, n_images=images, kind="cli")
        show(run_report(run, bench.setup.skipped[split]), None if as_json else run_text)
        if split == "test":
            anchors = bench.anchors(JobContext(), split=split, n_images=images)
            for sentence in unmet_expectations(bench.zoo.file, anchors):
                notify("Warning", sentence)
        _note_history(bench)


@commands.command()
@click.argument("zoo", metavar="FILE_OR_ZOO", type=ZOO_PATH)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@chooses
def inspect(chosen: Settings, as_json: bool) -> None:
    """Show what a checkpoint or a zoo holds.

    Every file of a zoo is read and checked; of a checkpoint only the header is read.
    """
    from app.cli.report import file_report, zoo_report
    from app.cli.report_text import file_text, zoo_text
    from cache.checkpoints import open_checkpoint

    if chosen.zoo.is_dir() or chosen.zoo.name == "zoo.toml":
        with opened(chosen) as bench:
            show(zoo_report(bench), None if as_json else zoo_text)
    else:
        show(file_report(open_checkpoint(chosen.zoo)), None if as_json else file_text)


@commands.command()
@click.argument("zoo", type=ZOO_PATH)
@click.argument(
    "what", type=click.Choice(["norms", "signs", "masks", "similarity", "interference"]), metavar="WHAT"
)
@click.option(
    "--scope",
    type=click.Choice(["all", "changed", "blocks"]),
    default="changed",
    show_default=True,
    help="Parameters that are counted.",
)
@click.option(
    "--density",
    type=Range(0, 1),
    default=0.2,
    show_default=True,
    help="signs: share of weights each task keeps by trimming; 1 trims nothing.",
)
@click.option(
    "--tall-lambda",
    type=Range(min=0),
    default=0.4,
    show_default=True,
    help="masks: λ of every task.",
)
@click.option(
    "--vector",
    type=click.Choice(["sum", "ties"]),
    default="sum",
    show_default=True,
    help="masks: the multi-task vector.",
)
@click.option(
    "--scaling", type=float, default=1.0, show_default=True, help="interference: λ of the merged pairs."
)
@click.option("--csv", "as_", flag_value="csv", help="Print CSV instead of a table.")
@click.option("--json", "as_", flag_value="json", help="Print JSON instead of a table.")
@chooses
def measure(chosen: Settings, what: str, as_: str | None, **wanted: Any) -> None:
    """Print the numbers behind a page under Diagnose.

    WHAT is norms, signs, masks or similarity, which need the weights alone, or interference, which merges
    and evaluates every pair of tasks.
    """
    from app.cli.measure_report import measured
    from app.cli.measure_text import as_csv, as_text

    with opened(chosen) as bench:
        report = measured(bench, what, **wanted)
        show(report, {"csv": as_csv, None: as_text}.get(as_))
        _note_history(bench)


@commands.command()
@click.argument("document", type=click.Choice(["recipe", "zoo"]), metavar="recipe|zoo")
def schema(document: str) -> None:
    """Print the JSON schema of a recipe or of a zoo.toml."""
    from analysis.documents import json_schema

    if document == "recipe":
        from analysis.merge.recipe_document import RecipeDocument

        show(json_schema(RecipeDocument), None)
    else:
        from app.zoo.zoo_document import ZooDocument

        show(json_schema(ZooDocument), None)


def _recipe(chosen: Settings, path: Path) -> "Recipe":
    """The recipe of a file, checked against the zoo before any weight is read."""
    from app.zoo.zoo_file import read_zoo_file

    file = read_zoo_file(chosen.zoo, roots=chosen.roots)
    from app.words.recipe_text import read_recipe_file  # loads torch: a refused zoo is refused at once

    return read_recipe_file(path, tasks=[task.name for task in file.tasks])


def _note_history(bench: "Workbench") -> None:
    if bench.history.store.notice is not None:
        notify("Note", bench.history.store.notice)


if __name__ == "__main__":
    commands()
