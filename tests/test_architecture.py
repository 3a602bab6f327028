import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ANALYSIS_MAY_IMPORT = sys.stdlib_module_names | {
    "analysis",
    "torch",
    "numpy",
    "numba",
    "scipy",
    "triton",
    "umap",
    # Describe a recipe, which analysis reads itself: its keys, their ranges and its JSON schema.
    "pydantic",
    "pydantic_core",
}
REGISTERING = {"merge_method", "linear_merge_method"}


def python_files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def packages_imported(folder: str) -> set[str]:
    return {
        name.partition(".")[0] for path in python_files(folder) for name in imported(path.read_text("utf-8"))
    }


def merging_methods() -> dict[str, set[str]]:
    imports = {
        f"analysis.methods.{path.stem}": set(imported(path.read_text("utf-8")))
        for path in python_files("analysis/methods")
    }
    registering = {f"analysis.merge.registry.{name}" for name in REGISTERING}
    return {module: names for module, names in imports.items() if names & registering}


def test_imports_are_seen_wherever_they_stand() -> None:
    source = "import a.b, c\nfrom d.e import f\ndef g():\n    from . import h\nif True:\n    import i as j\n"

    assert sorted(imported(source)) == ["..h", "a.b", "c", "d.e.f", "i"]


def test_analysis_imports_nothing_but_numbers() -> None:
    assert packages_imported("analysis") <= ANALYSIS_MAY_IMPORT


def test_analysis_reads_no_files_and_shows_no_screen() -> None:
    assert not packages_imported("analysis") & {"pathlib", "io", "tempfile", "shutil", "pickle", "logging"}


def test_analysis_and_cache_do_not_know_each_other() -> None:
    assert not packages_imported("analysis") & {"cache", "app"}
    assert not packages_imported("cache") & {"analysis", "app"}


def test_cache_has_no_screen_and_no_encoder() -> None:
    assert not packages_imported("cache") & {"streamlit", "plotly", "open_clip"}


def test_merging_methods_do_not_import_one_another() -> None:
    methods = merging_methods()

    assert {"analysis.methods.task_arithmetic", "analysis.methods.ties"} <= methods.keys()
    for module, names in methods.items():
        others = [other for other in methods if other != module]
        assert not [name for name in names if any(f"{name}.".startswith(f"{other}.") for other in others)]


def test_no_import_is_relative() -> None:
    for folder in ("analysis", "cache", "app"):
        assert "" not in packages_imported(folder)


def test_streamlit_finds_no_pages_folder_beside_the_entry() -> None:
    assert not (ROOT / "app" / "pages").exists()


def test_nothing_beside_the_entry_hides_a_package() -> None:
    locked = re.findall(r"^([\w.-]+)==", (ROOT / "requirements.txt").read_text("utf-8"), flags=re.MULTILINE)
    packages = {name.lower().replace("-", "_") for name in locked} | set(sys.stdlib_module_names)

    beside = {path.stem for path in (ROOT / "app").iterdir()}

    assert "streamlit" in packages
    assert not beside & packages


def test_no_file_of_the_app_is_called_like_one_of_our_packages() -> None:
    assert not {path.stem for path in (ROOT / "app").rglob("*")} & {"app", "analysis", "cache"}


def test_tests_are_no_package() -> None:
    assert not list((ROOT / "tests").rglob("__init__.py"))


def test_gpu_packages_are_locked_for_their_platforms_only() -> None:
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    gpu = [line for line in lines if re.match(r"(nvidia|cuda)-|triton\b", line)]

    assert gpu
    for line in gpu:
        assert re.search(r";.*\b(sys_platform|platform_machine|platform_system)\b", line), line


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("app.zoo.zoo_file", {"torch", "numpy", "streamlit", "open_clip", "duckdb", "pandas"}),
        ("analysis.model.names", {"torch", "numpy"}),
        ("analysis.evaluation.intervals", {"torch", "scipy"}),
        ("analysis.evaluation.rank_correlation", {"torch", "scipy"}),
        ("analysis.weights.similarity_order", {"torch", "scipy"}),
        ("app.errors", {"torch", "numpy", "streamlit"}),
    ],
)
def test_import_stays_light(module: str, heavy: set[str]) -> None:
    code = f"import sys, {module}; print(*sys.modules)"

    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    ).stdout.split()

    assert module in loaded
    assert not heavy & set(loaded)
