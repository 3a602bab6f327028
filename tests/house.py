"""The laws of the house: each returns what breaks it, one sentence a fault that says what to do."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from grimp import ImportGraph, build_graph

OURS = ("analysis", "app", "cache")
MOST_MODULES = 24
MOST_IMPORTS = 12
PLAIN = {
    r"\banew\b": "'again', 'redrawn' or 'with random signs'",
    r"\bnot told (from|apart)\b": "'no significant difference between A and B'",
    r"\bwhom\b": "the name of the person or thing",
    r"\bnobody waits\b": "'in the background'",
    r"\bas one looks\b": "the name of the thing",
    r"\bhas a say\b": "what it decides",
    r"\bKnown from before\b": "'From your history'",
    r"\b(images|One λ|one λ) a task\b": "'per task'",
}
"""Phrases, and what to write instead."""

MOST_LINES = 60
COMMAND_LINE = "the command line"


def imports_of_the_code() -> ImportGraph:
    """The import graph, down to what we import from others."""
    return build_graph(*OURS, include_external_packages=True, cache_dir=None)


def shared_modules_are_shared(graph: ImportGraph) -> list[str]:
    """A module outside the pages' folders serves more than one page, or another shared module."""
    faults = []
    for module in _modules(graph):
        if not module.startswith("app.") or module == "app.main" or _room(module):
            continue
        rooms = {_room(user) for user in graph.find_modules_that_directly_import(module)}
        if not rooms:
            faults.append(f"{_file(module)} is not used: delete it.")
        elif rooms == {COMMAND_LINE}:
            faults.append(f"{_file(module)} is used by the command line only: move it to app/cli/.")
        elif len(rooms) == 1 and (page := rooms.pop()):
            faults.append(
                f"{_file(module)} is used by one page only, {page}: move it to app/views/{page}/, "
                f"and its test to tests/app/views/{page}/."
            )
    return faults


def folders_stay_small(graph: ImportGraph) -> list[str]:
    """No folder is too long to read, but a page's own and the merging methods, which are alike."""
    sizes: dict[str, int] = defaultdict(int)
    for module in _modules(graph):
        sizes[module.rpartition(".")[0]] += 1
    return [
        f"{folder.replace('.', '/')}/ has {size} modules, {MOST_MODULES} is the most: give those that "
        "belong together a folder of their own."
        for folder, size in sorted(sizes.items())
        if size > MOST_MODULES and folder != "analysis.methods" and not folder.startswith("app.views.")
    ]


def shared_modules_know_few(graph: ImportGraph) -> list[str]:
    """A module outside the pages' folders imports a dozen of ours at most."""
    counts = {
        module: sum(_is_ours(name) for name in graph.find_modules_directly_imported_by(module))
        for module in _modules(graph)
        if not module.startswith("app.views.")
    }
    return [
        f"{_file(module)} imports {count} of our modules, {MOST_IMPORTS} is the most: it does more than one "
        "thing, so split it."
        for module, count in counts.items()
        if count > MOST_IMPORTS
    ]


def streamlit_stays_on_screen(graph: ImportGraph) -> list[str]:
    """Streamlit is imported where something is shown, and nowhere else."""
    return [
        f"{_file(module)} imports Streamlit: leave what is computed and worded here, and show it in "
        "a page's page.py or *_card.py, or in app/widgets/ if two pages need it."
        for module in _importers(graph, "streamlit")
        if module not in ("app.main", "app.resources")
        and not module.startswith("app.widgets.")
        and not (module.startswith("app.views.") and (module.endswith((".page", "_card"))))
    ]


def plotly_stays_in_figures(graph: ImportGraph) -> list[str]:
    """Plotly is imported where something is drawn, and nowhere else."""
    return [
        f"{_file(module)} imports Plotly: draw in the *_figure.py beside it, or in app/figures/ if two pages "
        "need the form; a card types what it shows as app.figures.layout.Figure."
        for module in _importers(graph, "plotly")
        if not _is_figure(module)
    ]


def figures_draw_plain_data(graph: ImportGraph) -> list[str]:
    """A figure gets plain data: it knows no tensors, no analysis and no cache."""
    forbidden = ("torch", "analysis", "cache")
    return [
        f"{_file(module)} imports {name}: compute in the module beside it and hand plain data to the figure."
        for module in filter(_is_figure, _modules(graph))
        for name in sorted(graph.find_modules_directly_imported_by(module))
        if name.startswith(tuple(f"{top}." for top in forbidden)) or name in forbidden
    ]


def charts_have_neighbours(graph: ImportGraph) -> list[str]:
    """A figure stands beside what it draws or beside the card that shows it; a card stands in a page."""
    modules = set(_modules(graph))
    faults = []
    for module in sorted(modules):
        folder = module.rpartition(".")[0]
        if module.endswith("_card") and not (folder.startswith("app.views.") or folder == "app.widgets"):
            faults.append(f"{_file(module)} is a card: move it to the folder of its page, app/views/<page>/.")
        if not module.endswith("_figure"):
            continue
        users = graph.find_modules_that_directly_import(module)
        if module.removesuffix("_figure") not in modules and not any(
            user.endswith("_card") and user.startswith(f"{folder}.") for user in users
        ):
            stem = _file(module.removesuffix("_figure"))
            faults.append(
                f"{_file(module)} stands alone: put what it draws into {stem}, or show it in a *_card.py "
                "of the same folder."
            )
    return faults


def pages_are_packages(root: Path) -> list[str]:
    """The navigation finds a page by its package, and would pass over a folder that is none."""
    return [
        f"{page.parent.relative_to(root)} has a page.py but no __init__.py, so that the navigation does not "
        "find it: add one with a docstring."
        for page in sorted((root / "app" / "views").glob("*/page.py"))
        if not page.with_name("__init__.py").exists()
    ]


def names_stand_once(root: Path) -> list[str]:
    """A public function of the app has a name of its own; two pages may each have their `takeaway`."""
    places: dict[str, list[Path]] = defaultdict(list)
    for path in sorted((root / "app").rglob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                places[node.name].append(path.relative_to(root))
    return [
        f"{name} is defined in {' and in '.join(map(str, paths))}: import the shared one, or name what is "
        "different about the other."
        for name, paths in sorted(places.items())
        if len(paths) > 1 and any(path.parts[1] != "views" for path in paths)
    ]


def figure_functions_stay_short(root: Path) -> list[str]:
    """A function that draws fits on a screen."""
    paths = [*(root / "app" / "figures").rglob("*.py"), *(root / "app" / "views").rglob("*_figure.py")]
    return [
        f"{path.relative_to(root)}: {node.name} has {lines} lines, {MOST_LINES} is the most: name its steps."
        for path in sorted(paths)
        for node, lines in _functions(path)
        if lines > MOST_LINES
    ]


def tests_mirror_the_code(root: Path, exceptions: frozenset[str]) -> list[str]:
    """A test file stands where its module stands and has its name.

    `test_every_*` run on all of a kind, `test_parity_*` hold numbers of other people's code against ours,
    and `*_on_cuda` need a GPU.
    """
    faults = []
    for top in OURS:
        for path in sorted((root / "tests" / top).rglob("test_*.py")):
            folder, test = path.parent.relative_to(root / "tests"), path.relative_to(root).as_posix()
            stem = path.stem.removeprefix("test_").removesuffix("_on_cuda")
            if stem.startswith(("every_", "parity_")) or test in exceptions:
                continue
            if not (root / folder / f"{stem}.py").exists():
                faults.append(
                    f"{test} has no {folder.as_posix()}/{stem}.py: a test file lies where its module lies "
                    "and has its name."
                )
    return faults


def docstrings_begin_with_nouns(root: Path) -> list[str]:
    """The first line of a module names what is in it, so that a list of first lines reads as a map."""
    faults = []
    for path in _code(root):
        first = (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").partition("\n")[0]
        if re.match(r"(What|How|Whether|Which|Where|Who|Why|When)\b", first):
            faults.append(f"{path.relative_to(root)} begins '{first}': name what is in it by a noun instead.")
    return faults


def files_are_opened_in_one_place(root: Path, exceptions: frozenset[str]) -> list[str]:
    """A file is opened where its kind and size are looked at first: a pipe would be waited for."""
    return [
        f"{path.relative_to(root)}:{call.lineno} opens a file by itself: use cache.regular_files."
        for path in _code(root)
        if path.relative_to(root).as_posix() not in exceptions
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and _opens(call)
    ]


def errors_are_worded_in_one_place(root: Path, exceptions: frozenset[str]) -> list[str]:
    """An error's text reaches a person without control characters and without names of any length."""
    return [
        f"{path.relative_to(root)}:{call.lineno} shows an error as it is: use app.words.plain_text."
        for path in sorted((root / "app").rglob("*.py"))
        if path.relative_to(root).as_posix() not in exceptions
        for caught in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(caught, ast.ExceptHandler)
        for call in ast.walk(caught)
        if isinstance(call, ast.Call) and ast.unparse(call) == f"str({caught.name})"
    ]


def inputs_know_what_they_were_drawn_with(root: Path) -> list[str]:
    """What an input was drawn with is not taken for a person's change."""
    return [
        f"{path.relative_to(root)}:{taken.value.lineno} takes every report of an input as a person's change: "
        "hand `take` to by_hand of app/widgets/drawn_input.py."
        for path in sorted((root / "app").rglob("*.py"))
        for taken in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(taken, ast.keyword) and taken.arg == "on_change"
        if not isinstance(taken.value, ast.Constant | ast.Call)
    ]


def words_are_plain(root: Path, documents: Sequence[Path]) -> list[str]:
    """No phrase that a stranger in the field would read twice, in code, on screen or in the documents."""
    faults = []
    for path in [*_code(root), *documents]:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            for phrase, instead in PLAIN.items():
                if re.search(phrase, line):
                    faults.append(
                        f"{path.relative_to(root)}:{number}: write {instead}, not '{line.strip()}'."
                    )
    return faults


def _code(root: Path) -> list[Path]:
    return [path for top in OURS for path in sorted((root / top).rglob("*.py"))]


def _opens(call: ast.Call) -> bool:
    name = ast.unparse(call.func)
    if name in ("open", "os.open") or name.endswith((".read_text", ".read_bytes")):
        return True
    mode = call.args[0] if call.args else None
    return name.endswith(".open") and isinstance(mode, ast.Constant) and isinstance(mode.value, str)


def _functions(path: Path) -> Iterator[tuple[ast.FunctionDef, int]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.end_lineno is not None:
            yield node, node.end_lineno - node.lineno + 1


def _modules(graph: ImportGraph) -> list[str]:
    return sorted(name for name in graph.modules if _is_ours(name) and not graph.find_children(name))


def _importers(graph: ImportGraph, library: str) -> list[str]:
    return [name for name in _modules(graph) if library in graph.find_modules_directly_imported_by(name)]


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] in OURS


def _is_figure(module: str) -> bool:
    return module.startswith("app.figures.") or (
        module.startswith("app.views.") and module.endswith("_figure")
    )


def _room(module: str) -> str | None:
    """The page a module belongs to, or the command line; None if it is shared."""
    if module.startswith("app.views."):
        return module.split(".")[2]
    return COMMAND_LINE if module == "app.__main__" or module.startswith("app.cli.") else None


def _file(module: str) -> str:
    return f"{module.replace('.', '/')}.py"
