"""Command `evaluate`: the scores of a merge on every task and control."""

from pathlib import Path

import click

from app.cli.options import FILE_PATH, ZOO_PATH, chooses, notify, opened, read_recipe, show
from app.errors import ZooError
from app.settings import Settings


@click.command()
@click.argument("zoo", type=ZOO_PATH)
@click.argument("recipe_file", metavar="RECIPE.yaml", type=FILE_PATH)
@click.option("--split", type=click.Choice(["val", "test"]), default="val", show_default=True)
@click.option("--images", type=click.IntRange(min=1), metavar="N", help="Images per task; all by default.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@chooses
def evaluate(chosen: Settings, recipe_file: Path, split: str, images: int | None, as_json: bool) -> None:
    """Measure the merge of a recipe on every task and control.

    The exit status is 2 where none of them can be evaluated.
    """
    recipe = read_recipe(chosen, recipe_file)
    from app.bench.expectations import anchor_warnings
    from app.cli.report import run_report
    from app.cli.report_text import run_text
    from app.work.jobs import JobContext

    with opened(chosen) as bench:
        run = bench.run(recipe, split=split, n_images=images, kind="cli").compute(JobContext())
        show(run_report(run, bench.setup.skipped[split]), None if as_json else run_text)
        if any(entry.expected for entry in bench.zoo.file.evaluated):
            anchors = bench.anchors(JobContext(), split=split, n_images=images)
            for sentence in anchor_warnings(bench.zoo.file, anchors, split):
                notify("Warning", sentence)
        if not bench.setup.eval_sets[split]:
            why = "; ".join(sorted(set(bench.setup.skipped[split].values())))
            raise ZooError(f"Nothing was evaluated on {split} images: {why}.")
