import subprocess
import sys

import pytest

from tests.docs_code import ROOT, SNIPPETS, Block, blocks, documents, write_out

FOUND = [block for document in documents(ROOT) for block in blocks(document)]
FILES = [block for block in FOUND if block.is_file]


def run(folder, *command):
    """What a command prints if it fails, else nothing."""
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, capture_output=True, text=True, check=False, timeout=250
    )
    return done.stdout + done.stderr if done.returncode else ""


def unlike_the_code(folder, found):
    paths = [block.path for block in found]
    unnamed = ("--extend-per-file-ignores", f"{SNIPPETS}/*:D100")  # a snippet needs no docstring
    return run(folder, "-m", "ruff", "check", "--no-cache", *unnamed, *paths) + run(
        folder, "-m", "ruff", "format", "--no-cache", "--diff", *paths
    )


def wrongly_typed(folder, found):
    # `make check` has read the rest of the code and left what it found in its cache.
    cache = ("--cache-dir", str(ROOT / ".mypy_cache"))
    return run(folder, "-m", "mypy", *cache, *(block.path for block in found))


def failing(folder, block):
    return run(folder, "-c", f"import {block.path.removesuffix('.py').replace('/', '.')}")


@pytest.fixture(scope="module")
def code(tmp_path_factory):
    folder = tmp_path_factory.mktemp("code")
    write_out(FOUND, folder)
    return folder


def test_python_shown_is_linted_and_formatted_like_the_code(code):
    assert not unlike_the_code(code, FOUND)


def test_python_shown_has_the_types_of_the_code(code):
    assert not wrongly_typed(code, FOUND)


@pytest.mark.parametrize("block", FILES, ids=lambda block: block.place)
def test_file_shown_runs_where_it_belongs(code, block):
    assert not failing(code, block)


def test_blocks_are_read_with_their_place_and_their_file(tmp_path):
    text = "# A\n```python app/words/a.py\nA = 1\n```\n```toml\nb = 1\n```\n```python\nC = 1\n```\n"
    (tmp_path / "page.md").write_text(text, "utf-8")

    assert blocks(tmp_path / "page.md") == [
        Block("page.md:3", "app/words/a.py", True, "A = 1\n"),
        Block("page.md:9", "snippets/page_9.py", False, "C = 1\n"),
    ]


def test_python_that_is_wrong_is_found_out(code):
    wrong = Block("page.md:3", "snippets/wrong.py", False, 'import nowhere\n\nHALF: int = "half"\n')
    (code / "snippets").mkdir(exist_ok=True)
    (code / wrong.path).write_text(wrong.text, "utf-8")

    assert "F401" in unlike_the_code(code, [wrong])
    assert 'has type "str", variable has type "int"' in wrongly_typed(code, [wrong])
    assert "No module named 'nowhere'" in failing(code, wrong)
