"""Command `download`: fetches the models of the Hugging Face Hub that a zoo names."""

import click

from app.words.numbers import count


@click.command()
@click.argument("references", metavar="hf:NAME...", nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Say what would be fetched, and how large it is.")
def download(references: tuple[str, ...], dry_run: bool) -> None:
    """Fetch models, written as hf:organisation/name[@revision], into Hugging Face's cache.

    Weights and what describes them, in safetensors where the model has them. Nothing else in Tauscope asks
    the network for anything.
    """
    from app.cli.hub_download import fetch_model, hub_files

    for reference in references:
        files = hub_files(reference)
        size = f"{count(len(files.sizes))} files, {files.n_bytes / 1e6:.1f} MB"
        click.echo(f"{files.name} at {files.commit[:12]}: {size}")
        if not dry_run:
            fetch_model(reference, files)
            click.echo(f"It is there; {reference} names it.")
