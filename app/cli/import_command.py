"""Command `import`: writes the zoo.toml of a folder of models."""

from pathlib import Path

import click

from app.cli.options import NEW_FOLDER, ZOO_PATH, show
from app.words.plain_text import visible


@click.command(name="import")
@click.argument("folder", type=ZOO_PATH)
@click.option(
    "-o", "output", type=NEW_FOLDER, metavar="ZOO", help="Folder to write zoo.toml in; FOLDER itself."
)
@click.option("--base", metavar="PATH", help="Base inside FOLDER, where no name states it.")
@click.option("--name", help="Name of the zoo; the folder's by default.")
@click.option("--dry-run", is_flag=True, help="Print the zoo.toml and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def import_(
    folder: Path, output: Path | None, base: str | None, name: str | None, dry_run: bool, as_json: bool
) -> None:
    """Write the zoo.toml of a folder of models, or of FusionBench's YAML of a model pool.

    Recognises the folders of task_vectors, TALL-masks and LiNeS, Hugging Face models side by side, LoRA
    adapters beside their base, checkpoints of open_clip and Lightning, and single files.
    """
    from app.cli.import_report import import_report, import_text
    from app.errors import ZooError
    from app.zoo.building.proposal import proposal
    from app.zoo.building.written import write_zoo_toml, zoo_toml

    found = proposal(folder, base=base)
    if found.parts is None:
        raise ZooError(f"{found.reason} --base names it." if len(found.models) > 1 else found.reason)
    root = found.files.root
    target = output or root
    prefix = Path() if target == root else root
    text = zoo_toml(found.parts, found.refused, name=name or folder.stem, prefix=prefix)
    if dry_run and not as_json:
        click.echo(visible(text))
        return
    written = None if dry_run else write_zoo_toml(target, text)
    report = import_report(found, found.parts, written=written, is_elsewhere=target != root)
    show(report, None if as_json else import_text)
