"""Command `measure`: the numbers behind the pages under Diagnose."""

from typing import Any

import click

from app.cli.options import ZOO_PATH, Range, chooses, notify, opened, show
from app.settings import Settings


@click.command()
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
@click.option(
    "--ship",
    "ships",
    is_flag=True,
    help="Then write all that was measured on the zoo so far into its folder, as runs.parquet, for whoever "
    "opens it.",
)
@click.option("--csv", "as_", flag_value="csv", help="Print CSV instead of a table.")
@click.option("--json", "as_", flag_value="json", help="Print JSON instead of a table.")
@chooses
def measure(chosen: Settings, what: str, as_: str | None, ships: bool, **wanted: Any) -> None:
    """Print the numbers behind a page under Diagnose.

    WHAT is norms, signs, masks or similarity, which need the weights alone, or interference, which merges
    and evaluates every pair of tasks.
    """
    from app.cli.measure_report import measured
    from app.cli.measure_text import as_text, report_csv
    from app.cli.shipping import ship

    with opened(chosen) as bench:
        report = measured(bench, what, **wanted)
        show(report, {"csv": report_csv, None: as_text}.get(as_))
        if ships:
            notify("Note", ship(bench))
