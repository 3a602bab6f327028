"""Options, zoo, output and refusals that all commands without a browser share."""

import json
import math
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from app.errors import USER_ERRORS
from app.settings import DATA, DEVICE, ROOTS, Settings
from app.words.plain_text import sentence, sentence_of, visible
from app.zoo.typed_path import with_home

if TYPE_CHECKING:
    from analysis.merge.recipe import Recipe
    from app.bench.workbench import Workbench


class TypedPath(click.Path):
    """A path in which `~` is the home folder also where the shell leaves it: in quotes, behind `--zoo=`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path that was typed."""
        return Path(os.fsdecode(super().convert(with_home(os.fsdecode(value)), param, ctx)))


FILE_PATH = TypedPath()
ZOO_PATH = TypedPath(resolve_path=True)
NEW_FOLDER = TypedPath(file_okay=False, resolve_path=True)

_FOLDER = TypedPath(exists=True, file_okay=False, resolve_path=True)
_GIVEN = re.compile(r"/dev/(?:stdin|fd/(\d+))")
"""What the shell has opened already and calls so: `< recipe.yaml`, `<(make-recipe)`."""

_ROOT = "Folder in which zoos, and the files that they name, may lie as well; may be given several times."
_DATA = "Folder of torchvision's data sets."
_DEVICE = "The best available by default."


class Commands(click.Group):
    """Commands in which a user's mistake ends with one sentence on stderr and exit status 2, no traceback."""

    def main(self, *args: Any, **others: Any) -> NoReturn:
        """Run a command and end the process."""
        others["standalone_mode"] = False
        try:
            sys.exit(super().main(*args, **others))
        except click.Abort:  # Ctrl-C
            sys.exit(130)
        except click.ClickException as error:
            notify("Error", error.format_message())
        except USER_ERRORS as error:
            notify("Error", sentence_of(error))
        except OSError as error:
            if error.filename is None:
                raise
            notify("Error", sentence_of(error))  # no permission, a disk that fails
        sys.exit(2)


def chooses(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command with a `zoo` the other options of `Settings`; it receives them all as `chosen`."""

    @click.option("--root", "roots", type=_FOLDER, multiple=True, envvar=ROOTS, metavar="DIR", help=_ROOT)
    @click.option("--data", "data_root", type=_FOLDER, envvar=DATA, metavar="DIR", help=_DATA)
    @click.option("--device", type=click.Choice(["cuda", "mps", "cpu"]), envvar=DEVICE, help=_DEVICE)
    @wraps(command)
    def choosing(**given: Any) -> None:
        chosen = Settings(**{name: given.pop(name) for name in ("zoo", "roots", "data_root", "device")})
        command(chosen=chosen, **given)

    return choosing


class Range(click.FloatRange):
    """Numbers within limits; NaN, which passes both comparisons, is refused."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number that was typed."""
        number: float = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return number


@contextmanager
def opened(chosen: Settings) -> "Iterator[Workbench]":
    """The zoo, open; what looks wrong with it is printed first, and last what could not be kept."""
    from app.bench.workbenches import Workbenches
    from app.work.jobs import JobContext
    from app.work.threads import use_threads
    from cache.store import Store

    use_threads()  # as many as the page: sums in another order round differently
    with closing(Store.open()) as store:
        benches = Workbenches(store, roots=chosen.roots, data_root=chosen.data_root)
        bench = benches.open(chosen.zoo, JobContext(), device=chosen.device)
        for sentence in bench.warnings:
            notify("Warning", sentence)
        yield bench
        if store.notice is not None:
            notify("Note", store.notice)


def show(report: Any, as_text: Callable[[Any], str] | None) -> None:
    """Print a report as text, or as JSON where `as_text` is None.

    A number that is not finite is none: null in JSON, a dash in text, an empty cell in CSV.
    """
    known = _without_non_finite(report)
    json_text = json.dumps(known, indent=2, ensure_ascii=False, allow_nan=False)
    click.echo(visible(json_text if as_text is None else as_text(known)))


def _without_non_finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _without_non_finite(one) for key, one in value.items()}
    return [_without_non_finite(one) for one in value] if isinstance(value, list | tuple) else value


def notify(kind: str, text: str) -> None:
    """Print one line on stderr."""
    click.echo(f"{kind}: {' '.join(sentence(text).split())}", err=True)


def read_recipe(chosen: Settings, path: Path) -> "Recipe":
    """The recipe of a file, checked against the zoo before any weight is read."""
    from app.zoo.zoo_file import read_zoo_file

    file = read_zoo_file(chosen.zoo, roots=chosen.roots)
    # They load torch: a zoo that is refused is refused at once.
    from app.words.recipe_text import MAX_BYTES, read_recipe_file, recipe_from_yaml

    tasks = [task.name for task in file.tasks]
    if given := _GIVEN.fullmatch(str(path)):
        with os.fdopen(int(given[1] or 0), "rb", closefd=False) as pipe:
            return recipe_from_yaml(pipe.read(MAX_BYTES).decode("utf-8-sig", "replace"), tasks=tasks)
    return read_recipe_file(path, tasks=tasks)
