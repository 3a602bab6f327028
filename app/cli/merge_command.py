"""Command `merge`: writes the weights of a merge into a file."""

from pathlib import Path

import click

from app.cli.options import FILE_PATH, ZOO_PATH, chooses, opened, read_recipe
from app.settings import Settings
from app.words.plain_text import visible


@click.command()
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
    recipe = read_recipe(chosen, recipe_file)
    from app.bench.export import export_merged
    from app.work.jobs import JobContext

    with opened(chosen) as bench:
        click.echo(visible(str(export_merged(bench, recipe, output, JobContext(), dtype=dtype))))
