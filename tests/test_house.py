from pathlib import Path

import pytest

from tests import house
from tests.made_imports import graph_of

ROOT = Path(__file__).parents[1]

NAMED_AFTER_MORE_THAN_A_MODULE = frozenset(
    {
        "tests/analysis/kernels/test_kernels.py",  # every kernel against its reference
        "tests/app/cli/test_command_line.py",  # the commands of app/__main__.py, as a person types them
    }
)


OPENS_ITS_OWN_FILES = frozenset(
    {
        "app/__init__.py",  # its own source
        "cache/writing.py",  # what it writes
        "cache/regular_files.py",
    }
)


def told(faults):
    return "\n".join(["", *faults])


def written(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


@pytest.fixture(scope="module")
def imports():
    return house.imports_of_the_code()


@pytest.mark.parametrize(
    "law",
    [
        house.folders_stay_small,
        house.shared_modules_are_shared,
        house.shared_modules_know_few,
        house.streamlit_stays_on_screen,
        house.plotly_stays_in_figures,
        house.figures_draw_plain_data,
        house.charts_have_neighbours,
    ],
)
def test_law_of_imports_holds(law, imports):
    faults = law(imports)

    assert not faults, told(faults)


def test_functions_that_draw_fit_on_a_screen():
    faults = house.figure_functions_stay_short(ROOT)

    assert not faults, told(faults)


def test_function_names_of_the_app_stand_once():
    faults = house.names_stand_once(ROOT)

    assert not faults, told(faults)


def test_pages_are_packages():
    faults = house.pages_are_packages(ROOT)

    assert not faults, told(faults)


def test_page_that_is_no_package_is_a_fault(tmp_path):
    root = written(tmp_path, {"app/views/map/page.py": "", "app/views/lines/page.py": ""})
    written(root, {"app/views/lines/__init__.py": ""})

    (fault,) = house.pages_are_packages(root)

    assert "app/views/map" in fault


def test_lab_is_short():
    lines = len((ROOT / "app" / "session" / "lab.py").read_text("utf-8").splitlines())

    assert lines < 200, f"app/session/lab.py has {lines} lines: what it keeps for others belongs beside it."


def test_tests_lie_where_their_modules_lie():
    faults = house.tests_mirror_the_code(ROOT, NAMED_AFTER_MORE_THAN_A_MODULE)

    assert not faults, told(faults)
    assert all((ROOT / name).exists() for name in NAMED_AFTER_MORE_THAN_A_MODULE)


def test_files_are_opened_in_one_place():
    faults = house.files_are_opened_in_one_place(ROOT, OPENS_ITS_OWN_FILES)

    assert not faults, told(faults)


@pytest.mark.parametrize(
    ("line", "is_fault"),
    [
        ("open(path)", True),
        ("path.open('rb')", True),
        ("(folder / 'a').read_text('utf-8')", True),
        ("path.read_bytes()", True),
        ("Store.open()", False),
        ("session.open(folder)", False),
        ("read_text(path, limit=3)", False),
    ],
)
def test_file_opened_elsewhere_is_a_fault(tmp_path, line, is_fault):
    written(tmp_path, {"app/a.py": line})

    assert bool(house.files_are_opened_in_one_place(tmp_path, frozenset())) == is_fault
    assert not house.files_are_opened_in_one_place(tmp_path, frozenset({"app/a.py"}))


def test_errors_are_worded_in_one_place():
    faults = house.errors_are_worded_in_one_place(ROOT, frozenset({"app/words/plain_text.py"}))

    assert not faults, told(faults)


@pytest.mark.parametrize(("shown", "is_fault"), [("str(error)", True), ("sentence_of(error)", False)])
def test_error_shown_as_it_is_is_a_fault(tmp_path, shown, is_fault):
    written(tmp_path, {"app/a.py": f"try:\n    f()\nexcept E as error:\n    st.error({shown})\n"})

    assert bool(house.errors_are_worded_in_one_place(tmp_path, frozenset())) == is_fault


def test_inputs_know_what_they_were_drawn_with():
    faults = house.inputs_know_what_they_were_drawn_with(ROOT)

    assert not faults, told(faults)


@pytest.mark.parametrize(
    ("take", "is_fault"),
    [("take", True), ("lambda: take(1)", True), ("by_hand('a', key, 1, take)", False), ("'rerun'", False)],
)
def test_input_that_takes_every_report_is_a_fault(tmp_path, take, is_fault):
    written(tmp_path, {"app/a.py": f"st.slider('λ', key=key, on_change={take})\n"})

    assert bool(house.inputs_know_what_they_were_drawn_with(tmp_path)) == is_fault


def test_module_docstrings_begin_with_nouns():
    faults = house.docstrings_begin_with_nouns(ROOT)

    assert not faults, told(faults)


def test_words_in_code_and_documents_are_plain():
    documents = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    faults = house.words_are_plain(ROOT, documents)

    assert not faults, told(faults)


@pytest.mark.parametrize(
    ("text", "is_fault"),
    [
        ('"""What a page shows."""', True),
        ('"""Whatever a page shows."""', False),
        ('"""Charts of a page."""', False),
        ("x = 1", False),
    ],
)
def test_module_docstring_without_a_noun_is_a_fault(tmp_path, text, is_fault):
    root = written(tmp_path, {"app/bench/halves.py": text})

    assert bool(house.docstrings_begin_with_nouns(root)) == is_fault


@pytest.mark.parametrize(
    ("line", "is_fault"),
    [
        ("Signs are drawn anew.", True),
        ("A is not told from B.", True),
        ("128 images a task", True),
        ("128 images per task", False),
        ("A new sign is drawn.", False),
    ],
)
@pytest.mark.parametrize("name", ["app/bench/halves.py", "README.md"])
def test_phrase_that_is_read_twice_is_a_fault(tmp_path, line, is_fault, name):
    root = written(tmp_path, {"README.md": "", name: f"# {line}\n"})

    assert bool(house.words_are_plain(root, [root / "README.md"])) == is_fault


@pytest.mark.parametrize(
    ("users", "advice"),
    [
        (
            ["app.views.map.plane"],
            "app/bench/halves.py is used by one page only, map: move it to app/views/map/",
        ),
        (["app.views.map.plane", "app.views.map.page"], "one page only, map"),
        (["app.cli.report"], "used by the command line only: move it to app/cli/"),
        (["app.__main__", "app.cli.report"], "used by the command line only"),
    ],
)
def test_module_of_one_page_outside_its_folder_is_a_fault(users, advice):
    graph = graph_of({user: ["app.bench.halves"] for user in users})

    (fault,) = house.shared_modules_are_shared(graph)

    assert advice in fault


def test_unused_module_is_a_fault():
    graph = graph_of({"app.bench.halves": ["torch"], "app.main": ["torch"]})

    assert house.shared_modules_are_shared(graph) == ["app/bench/halves.py is not used: delete it."]


@pytest.mark.parametrize(
    "users",
    [
        ["app.views.map.page", "app.views.lines.page"],
        ["app.views.map.page", "app.cli.report"],
        ["app.main"],
    ],
)
def test_module_of_two_users_may_be_shared(users):
    assert not house.shared_modules_are_shared(graph_of({user: ["app.bench.halves"] for user in users}))


@pytest.mark.parametrize(
    ("folder", "is_fault"), [("app.bench", True), ("analysis.methods", False), ("app.views.map", False)]
)
def test_folder_with_a_module_too_many_is_a_fault(folder, is_fault):
    full = {f"{folder}.m{n}": [] for n in range(house.MOST_MODULES)}

    assert not house.folders_stay_small(graph_of(full))
    assert bool(house.folders_stay_small(graph_of(full | {f"{folder}.more": []}))) == is_fault


@pytest.mark.parametrize(("module", "is_fault"), [("app.bench.halves", True), ("app.views.map.page", False)])
def test_shared_module_with_an_import_too_many_is_a_fault(module, is_fault):
    dozen = [*(f"analysis.m{n}" for n in range(house.MOST_IMPORTS)), "torch"]

    assert not house.shared_modules_know_few(graph_of({module: dozen}))
    assert bool(house.shared_modules_know_few(graph_of({module: [*dozen, "cache.keys"]}))) == is_fault


@pytest.mark.parametrize(
    ("module", "library", "is_fault"),
    [
        ("app.views.map.plane", "streamlit", True),
        ("app.views.map.plane_figure", "streamlit", True),
        ("app.bench.halves_card", "streamlit", True),
        ("app.views.map.plane_card", "streamlit", False),
        ("app.views.map.page", "streamlit", False),
        ("app.widgets.address", "streamlit", False),
        ("app.views.map.plane_card", "plotly", True),
        ("app.widgets.address", "plotly", True),
        ("app.views.map.plane_figure", "plotly", False),
        ("app.figures.heat_map", "plotly", False),
    ],
)
def test_library_of_the_screen_in_the_wrong_file_is_a_fault(module, library, is_fault):
    graph = graph_of({module: [library]})

    faults = house.streamlit_stays_on_screen(graph) + house.plotly_stays_in_figures(graph)

    assert bool(faults) == is_fault


@pytest.mark.parametrize("name", ["torch", "analysis.weights.norms", "cache.store"])
@pytest.mark.parametrize("figure", ["app.figures.heat_map", "app.views.map.plane_figure"])
def test_figure_that_knows_more_than_plain_data_is_a_fault(figure, name):
    assert house.figures_draw_plain_data(graph_of({figure: [name]}))
    assert not house.figures_draw_plain_data(graph_of({figure: ["numpy"], "app.views.map.plane": [name]}))


def test_figure_without_its_neighbour_is_a_fault():
    alone = {"app.views.map.page": ["app.views.map.plane_figure"]}

    assert "put what it draws into app/views/map/plane.py" in told(
        house.charts_have_neighbours(graph_of(alone))
    )
    assert not house.charts_have_neighbours(graph_of(alone | {"app.views.map.plane": []}))
    shown = {"app.views.map.tasks_card": ["app.views.map.plane_figure"]}
    assert not house.charts_have_neighbours(graph_of(alone | shown))


def test_card_outside_a_page_is_a_fault():
    assert "app/bench/halves_card.py is a card" in told(
        house.charts_have_neighbours(graph_of({"app.bench.halves_card": []}))
    )


def test_second_function_of_a_name_is_a_fault(tmp_path):
    one = "def percent(share):\n    return share\n"
    written(tmp_path, {"app/words/numbers.py": one, "app/views/map/page.py": "def _percent():\n    pass\n"})
    assert not house.names_stand_once(tmp_path)

    written(tmp_path, {"app/views/map/plane.py": one})

    assert house.names_stand_once(tmp_path) == [
        "percent is defined in app/views/map/plane.py and in app/words/numbers.py: import the shared one, or "
        "name what is different about the other."
    ]


def test_two_pages_may_name_a_function_alike(tmp_path):
    text = "def takeaway():\n    pass\n"

    assert not house.names_stand_once(
        written(tmp_path, {"app/views/map/page.py": text, "app/views/lines/page.py": text})
    )


@pytest.mark.parametrize("file", ["app/figures/heat_map.py", "app/views/map/plane_figure.py"])
def test_long_function_of_a_figure_is_a_fault(tmp_path, file):
    longest = "def drawn():\n" + "    a = 1\n" * (house.MOST_LINES - 1)
    assert not house.figure_functions_stay_short(written(tmp_path, {file: longest}))

    faults = house.figure_functions_stay_short(written(tmp_path, {file: longest + "    a = 1\n"}))

    assert faults == [f"{file}: drawn has 61 lines, 60 is the most: name its steps."]


def test_test_away_from_its_module_is_a_fault(tmp_path):
    modules = {"analysis/weights/norms.py": "", "app/cli/report.py": ""}
    good = {
        f"tests/analysis/weights/test_{stem}.py": "" for stem in ("norms", "norms_on_cuda", "parity_norms")
    }
    named = {"tests/app/cli/test_typing.py": ""}
    written(tmp_path, modules | good | named)
    assert not house.tests_mirror_the_code(tmp_path, frozenset(named))

    written(tmp_path, {"tests/analysis/test_norms.py": ""})

    assert house.tests_mirror_the_code(tmp_path, frozenset(named)) == [
        "tests/analysis/test_norms.py has no analysis/norms.py: a test file lies where its module lies "
        "and has its name."
    ]
