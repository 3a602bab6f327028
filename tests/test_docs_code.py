import os
import subprocess
import sys
from pathlib import Path

import pytest
from numba.core.caching import UserProvidedCacheLocator

import app  # noqa: F401 - decides where compiled loops are kept
from tests.docs_code import ROOT, SNIPPETS, Block, blocks, changed, documents, write_out

FOUND = [block for document in documents(ROOT) for block in blocks(document)]
TESTS = sorted({block.path for block in FOUND if block.path.startswith("tests/")})
MODULES = [block for block in FOUND if block.is_file and block.path not in TESTS]

PATIENCE = 580
"""Seconds for one command, on a busy machine."""

ON_ALL_OF_A_KIND = (
    "tests/analysis/methods/test_every_method.py",
    "tests/app/test_every_page.py",
    "tests/app/test_every_chart.py",
    "tests/test_house.py",
)
ADDED = " or ".join(
    [
        "magnitude",
        "(Alignment and (open_zoo or one_task or without_a_zoo or charts))",
        *("law_of_imports", "stand_once", "fit_on_a_screen", "tests_lie"),
    ]
)
"""What the examples add to each kind, and the laws they are held to."""


def run(folder, *command, **environment):
    """What a command prints if it fails, else nothing."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    return done.stdout + done.stderr if done.returncode else ""


def unlike_the_code(folder, found):
    paths = sorted({block.path for block in found})
    unnamed = ("--extend-per-file-ignores", f"{SNIPPETS}/*:D100")  # a snippet needs no docstring
    return run(folder, "-m", "ruff", "check", "--no-cache", *unnamed, *paths) + run(
        folder, "-m", "ruff", "format", "--no-cache", "--diff", *paths
    )


def wrongly_typed(folder, found):
    # `make check` has read the rest of the code and left what it found in its cache.
    cache = ("--cache-dir", str(ROOT / ".mypy_cache"))
    return run(folder, "-m", "mypy", *cache, *sorted({block.path for block in found}))


def failing(folder, found):
    names = [block.path.removesuffix(".py").replace("/", ".") for block in found]
    return run(folder, "-c", f"import {', '.join(names)}")


def failing_tests(folder, *chosen, **environment):
    return run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen, **environment)


@pytest.fixture(scope="module")
def code(tmp_path_factory):
    folder = tmp_path_factory.mktemp("code")
    write_out(FOUND, folder)
    return folder


@pytest.fixture(scope="module")
def loops(code, tmp_path_factory):
    """Where the copy finds the loops compiled here: numba looks for them by the folder of their sources."""
    kept, source = tmp_path_factory.mktemp("loops"), "analysis/kernels/rows.py"
    place = UserProvidedCacheLocator.get_suitable_cache_subpath
    ours = Path(os.environ["NUMBA_CACHE_DIR"], place(str(ROOT / source)))
    ours.mkdir(parents=True, exist_ok=True)
    (kept / place(str(code / source))).symlink_to(ours)
    return kept


def test_python_shown_is_linted_and_formatted_like_the_code(code):
    assert not unlike_the_code(code, FOUND)


def test_python_shown_has_the_types_of_the_code(code):
    assert not wrongly_typed(code, FOUND)


def test_files_shown_run_where_they_belong(code):
    assert not failing(code, MODULES)


@pytest.mark.timeout(PATIENCE + 20)
def test_examples_pass_their_own_tests_those_of_their_kind_and_the_laws(code, loops):
    chosen = " or ".join([*(Path(test).stem for test in TESTS), ADDED])

    assert not failing_tests(code, *TESTS, *ON_ALL_OF_A_KIND, "-k", chosen, NUMBA_CACHE_DIR=str(loops))


@pytest.mark.parametrize(
    ("recipe", "files", "n_tests", "n_changed"),
    [
        ("a merging method", "1", 1, 0),
        ("a page", "1 folder", 1, 0),
        ("a chart to a page", "3 neighbours", 1, 1),
        ("a statistic of the weights", "4", 2, 2),
        ("a checkpoint format", "1", 1, 0),
    ],
)
def test_recipe_takes_the_files_it_states(recipe, files, n_tests, n_changed):
    text = (ROOT / "docs/contributing.md").read_text("utf-8")
    before, _, rest = text.partition(f"## Add {recipe}\n\nFiles: {files}")
    section = rest.partition("\n## ")[0]
    lines = range(before.count("\n"), before.count("\n") + section.count("\n") + 3)
    shown = [block for block in FOUND if block.place in {f"contributing.md:{line}" for line in lines}]
    modules = [block.path for block in shown if block.path not in TESTS]
    new = [block.path for block in shown if block in MODULES and not block.is_change]

    assert len(shown) - len(modules) == n_tests
    assert sum(block.is_change for block in shown) == n_changed
    match files:
        case "1 folder":
            assert len({Path(path).parent for path in modules}) == 1
        case "3 neighbours":
            (stem,) = {Path(path).stem.partition("_")[0] for path in new}
            assert {Path(path).name for path in new} == {
                f"{stem}{end}.py" for end in ("", "_figure", "_card")
            }
        case "4":
            assert len(shown) == 4
        case "1":
            assert len(modules) == 1


def test_blocks_are_read_with_their_place_and_their_file(tmp_path):
    text = (
        "# A\n```python app/words/a.py\nA = 1\n```\n```toml\nb = 1\n```\n```python\nC = 1\n```\n"
        "```diff app/words/b.py\n+D = 1\n```\n"
    )
    (tmp_path / "page.md").write_text(text, "utf-8")

    assert blocks(tmp_path / "page.md") == [
        Block("page.md:3", "app/words/a.py", True, False, "A = 1\n"),
        Block("page.md:9", "snippets/page_9.py", False, False, "C = 1\n"),
        Block("page.md:12", "app/words/b.py", True, True, "+D = 1\n"),
    ]


def test_changes_are_made_where_their_lines_stand():
    shown = Block("page.md:3", "a.py", True, True, " one = 1\n+two = 2\n@@\n-four = 4\n+five = 5\n")

    assert changed("one = 1\n\nthree = 3\nfour = 4\n", shown) == "one = 1\ntwo = 2\n\nthree = 3\nfive = 5\n"


@pytest.mark.parametrize("text", ["two = 2\n", "one = 1\none = 1\n"])
def test_changes_of_lines_that_do_not_stand_in_the_file_once_are_refused(text):
    shown = Block("page.md:3", "a.py", True, True, " one = 1\n+two = 2\n")

    with pytest.raises(ValueError, match=r"page\.md:3: a\.py holds these lines"):
        changed(text, shown)


def test_python_that_is_wrong_is_found_out(code):
    wrong = Block("page.md:3", "snippets/wrong.py", False, False, 'import nowhere\n\nHALF: int = "half"\n')
    (code / "snippets").mkdir(exist_ok=True)
    (code / wrong.path).write_text(wrong.text, "utf-8")
    (code / "snippets/test_wrong.py").write_text("def test_wrong():\n    assert False\n", "utf-8")

    assert "F401" in unlike_the_code(code, [wrong])
    assert 'has type "str", variable has type "int"' in wrongly_typed(code, [wrong])
    assert "No module named 'nowhere'" in failing(code, [wrong])
    assert "1 failed" in failing_tests(code, "snippets/test_wrong.py")
