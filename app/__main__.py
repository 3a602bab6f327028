"""The command `python -m app`: opens the app; merges, evaluates, measures and inspects without a browser.

What a command needs is imported when it runs, so that `--help` answers at once.
"""

import sys
import warnings
from dataclasses import replace
from pathlib import Path

import click
from click.core import ParameterSource

from app.cli.download_command import download
from app.cli.evaluate_command import evaluate
from app.cli.import_command import import_
from app.cli.inspect_command import inspect
from app.cli.launch import launch
from app.cli.measure_command import measure
from app.cli.merge_command import merge
from app.cli.options import NEW_FOLDER, ZOO_PATH, Commands, chooses
from app.cli.schema_command import schema
from app.settings import AGAIN, DEMO_ZOO, HOST, SAVE_TO, ZOO, Settings


@click.group(cls=Commands, invoke_without_command=True)
@click.option(
    "--zoo", type=ZOO_PATH, envvar=ZOO, default=DEMO_ZOO, metavar="FOLDER", help="The demo zoo by default."
)
@chooses
@click.option(
    "--port", type=click.IntRange(1, 65535), metavar="N", help="8501 by default, or the next free port."
)
@click.option(
    "--host",
    default=HOST,
    metavar="ADDRESS",
    help="Serve others too, who can then open zoos and save files: 0.0.0.0 for every network. "
    "By default only browsers on this machine.",
)
@click.option(
    "--save-to",
    type=NEW_FOLDER,
    envvar=SAVE_TO,
    default="merged",
    metavar="FOLDER",
    help="Folder below which the app saves merged weights and masks; 'merged' by default.",
)
@click.option("--measure-again", is_flag=True, envvar=AGAIN, help="Leave aside results that come with a zoo.")
@click.option("--no-browser", is_flag=True, help="Serve the app without opening a browser.")
@click.pass_context
def commands(
    context: click.Context,
    chosen: Settings,
    port: int | None,
    host: str,
    save_to: Path,
    measure_again: bool,
    no_browser: bool,
) -> None:
    """Open Tauscope in the browser, or run a command without one."""
    if context.invoked_subcommand is not None:
        _refuse_misplaced_options(context)
        return
    from app.zoo.zoo_file import read_zoo_file

    read_zoo_file(chosen.zoo, roots=chosen.roots)
    chosen = replace(chosen, save_to=save_to, measures_again=measure_again)
    launch(chosen, host=host, port=port, opens_browser=not no_browser)


def _refuse_misplaced_options(context: click.Context) -> None:
    for parameter in context.command.params:
        if context.get_parameter_source(parameter.name or "") is ParameterSource.COMMANDLINE:
            raise click.UsageError(
                f"{parameter.opts[0]} before '{context.invoked_subcommand}' would have no effect; "
                "write a command's options after its name."
            )


for command in (merge, evaluate, import_, inspect, measure, download, schema):
    commands.add_command(command)


if __name__ == "__main__":
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # what libraries tell programmers; people are told in sentences
    commands()
