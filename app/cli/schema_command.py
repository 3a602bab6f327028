"""Command `schema`: the JSON schemas of the files a person writes."""

import click

from app.cli.options import show


@click.command()
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
