"""Command `inspect`: the content of a checkpoint or a zoo."""

import click

from app.cli.options import ZOO_PATH, chooses, opened, show
from app.settings import Settings


@click.command()
@click.argument("zoo", metavar="FILE_OR_ZOO", type=ZOO_PATH)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@chooses
def inspect(chosen: Settings, as_json: bool) -> None:
    """Show what a checkpoint or a zoo holds.

    Every file of a zoo is read and checked; of a checkpoint, which may be a model's or an adapter's folder or
    file.pt#key, only the header is read.
    """
    from app.cli.report import file_report, zoo_report
    from app.cli.report_text import file_text, zoo_text
    from app.zoo.head_reference import head_parts
    from cache.checkpoints import open_checkpoint
    from cache.lora import is_adapter, open_adapter

    path, key = head_parts(str(chosen.zoo))
    if chosen.zoo.name == "zoo.toml" or (chosen.zoo / "zoo.toml").exists():
        with opened(chosen) as bench:
            show(zoo_report(bench), None if as_json else zoo_text)
        return
    if chosen.zoo.exists():
        path, key = chosen.zoo, ""
    model = open_adapter(path).checkpoint if is_adapter(path) else open_checkpoint(path, key)
    show(file_report(model), None if as_json else file_text)
