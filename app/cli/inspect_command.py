"""Command `inspect`: what a checkpoint or a zoo holds."""

import click

from app.cli.options import ZOO_PATH, chooses, opened, show
from app.settings import Settings


@click.command()
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
