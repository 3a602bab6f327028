"""Recipes that are no YAML, hold the wrong things, or ask for what cannot be."""

from tests.hostile.inputs import EVALUATE, MERGE, Input, written

RECIPE = "recipe.yaml"


def _recipe(what: str, content: bytes | str, says: str = "", *, command: tuple[str, ...] = MERGE) -> Input:
    return Input(f"recipe: {what}", written(RECIPE, content), says, command=command)


_UNREADABLE = {
    "not UTF-8": b"scaling: \xff",
    "UTF-16": "scaling: 0.3".encode("utf-16"),
    "zeros": bytes(100),
    "a tab": "a:\n\tb: 1",
    "half a list": "[1,",
    "two documents": "scaling: 1.0\n---\nscaling: 2.0\n",
    "a list": "- 1\n- 2\n",
    "a number": "3",
    "a text": "merge it",
    "a key twice": "scaling: 1.0\nscaling: 2.0\n",
    "a weight twice": "weights: {deep: 1.0, deep: 2.0}\n",
    "a tag that runs": "scaling: !!python/object/apply:os.system ['touch ran']\n",
    "a tag that makes": "!!python/object/new:os.system ['touch ran']\n",
    "a name": "scaling: !!python/name:os.system\n",
    "a module": "a: !!python/module:os\n",
    "a tag of its own": "scaling: !thing 1\n",
    "an alias to nothing": "scaling: *a\n",
    "an alias to itself": "weights: &a {deep: *a}\n",
    "a billion laughs": "a0: &a0 [x, x]\n"
    + "".join(f"a{k}: &a{k} [*a{k - 1}, *a{k - 1}]\n" for k in range(1, 40)),
    "a hundred thousand brackets": "[" * 100_000,
    "a hundred thousand dashes": "- " * 100_000,
    "five megabytes": "# " + "x" * 5_000_000,
    "a control character": "scaling: \x07\n",
    "a merge key": "<<: {scaling: 1.0}\n",
    "binary": "scaling: !!binary aGVsbG8=\n",
    "a set": "!!set {a, b}\n",
    "a directive": "%YAML 9.9\n---\nscaling: 1.0\n",
    "a mapping as a key": "{a: 1}: 2\n",
    "a list as a key": "[a]: 2\n",
    "nothing but a colon": ":\n",
    "a surrogate": '"\\ud800": 1\n',
    "a very long line": "a: " + "x" * 900_000,
}
UNREADABLE = [_recipe(what, content) for what, content in _UNREADABLE.items()]
_WRONG = {
    "scaling": (
        "nan",
        ".nan",
        ".inf",
        "-.inf",
        "'1.0'",
        "true",
        "[]",
        "{}",
        "null",
        "one",
        "1.0.0",
        "0x1p3",
        "1e400",
        "2026-01-01",
        "'\\x1b[31m'",
    ),
    "method": (
        "''",
        "1",
        "null",
        "magic",
        "[ties]",
        "{}",
        "task-arithmetic",
        "'" + "m" * 60_000 + "'",
        "'../ties'",
    ),
    "weights": (
        "1",
        "[]",
        "[1, 2]",
        "'deep'",
        "{deeep: 1.0}",
        "{deep: nan}",
        "{deep: .inf}",
        "{deep: '1'}",
        "{deep: [1]}",
        "{1: 1.0}",
        "{deep: 1.0, other: 2.0}",
    ),
    "scope": ("''", "everything", "1", "[all]", "null"),
    "seed": ("-1", "1.5", "'a'", "[]", "1" + "0" * 30),
    "lines": (
        "1",
        "true",
        "{gamma: 1.0}",
        "{beta: nan}",
        "{alpha: auto, beta: auto}",
        "{alpha: .inf, beta: 1.0}",
        "[0.1, 0.5]",
    ),
    "curve": (
        "1",
        "{}",
        "{blocks: []}",
        "{blocks: [1.0]}",
        "{outside: 1.0, blocks: [nan, 1.0]}",
        "{blocks: 'a'}",
        "[1, 2]",
    ),
    "params": ("1", "[]", "{density: 0.2}", "{colour: 1}", "'density'"),
    "colour": ("1",),
    "models": ("[{model: a}]",),
    "merge_method": ("ties",),
}
WRONG = [
    _recipe(f"{key}: {value[:30]}", f"{key}: {value}\n", "")
    for key, values in _WRONG.items()
    for value in values
]
TIES = [
    _recipe(f"ties, {key}: {value}", f"method: ties\nscaling: 1.0\nparams: {{{key}: {value}}}\n", key)
    for key, values in {
        "density": ("-0.1", "1.1", "20", ".nan", "'0.2'", "[0.2]", "true", "null"),
        "merge": ("median", "1", "[]"),
        "colour": ("1",),
    }.items()
    for value in values
]
TOGETHER = [
    _recipe("scaling and lines", "scaling: 1.0\nlines: {beta: 0.5}\n"),
    _recipe("scaling and curve", "scaling: 1.0\ncurve: {outside: 1.0, blocks: [1.0, 1.0]}\n"),
    _recipe("an unknown key that sets a title", '"\\x1b]0;owned\\x07": 1\n', "owned"),
    _recipe("an update that no float holds", "scaling: 1.0e+39\n"),
    _recipe("a merge that no float holds", "scaling: 3.0e+38\nscope: all\nweights: {deep: 1000000.0}\n"),
]
NO_ACCURACY = [
    _recipe(
        f"scaling {scaling}, evaluated",
        f"scaling: {scaling}\nscope: all\n",
        "has no accuracy",
        command=EVALUATE,
    )
    for scaling in ("1.0e+12", "1.0e+20", "1.0e+30", "-1.0e+30", "3.0e+38")
]
MISSING = [
    Input("recipe that is not there", lambda zoo: (zoo / RECIPE).unlink(), command=MERGE),
    Input(
        "recipe that is a folder",
        lambda zoo: ((zoo / RECIPE).unlink(), (zoo / RECIPE).mkdir()),
        command=MERGE,
    ),
    Input(
        "recipe that is a link to itself",
        lambda zoo: ((zoo / RECIPE).unlink(), (zoo / RECIPE).symlink_to(RECIPE)),
        command=MERGE,
    ),
]
OUTPUTS = [
    Input(f"output {path[-40:]}", lambda zoo: None, command=(*MERGE[:-1], path))
    for path in (
        *(
            "{out}/merged.pt",
            "{out}/merged",
            "{out}",
            "{out}/none/merged.safetensors",
            "{zoo}/base.safetensors",
            "/proc/merged.safetensors",
        ),
        *(
            "/dev/null",
            "/dev/full.safetensors/x.safetensors",
            "{out}/" + "x" * 300 + ".safetensors",
            "{zoo}/deep_val.safetensors",
            "{zoo}/zoo.toml",
        ),
    )
]
INPUTS = (*UNREADABLE, *WRONG, *TIES, *TOGETHER, *NO_ACCURACY, *MISSING, *OUTPUTS)
