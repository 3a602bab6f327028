"""Descriptions of zoos that are no TOML, hold the wrong things, or name what they should not."""

from functools import partial
from pathlib import Path

from tests.hostile.inputs import BAD, Change, Input, replaced, written
from tests.zoo_on_disk import CLASSES

TOML = "zoo.toml"


def added(text: str) -> Change:
    """Lines at the end, which belong to the last control."""
    return lambda zoo: (zoo / TOML).write_text((zoo / TOML).read_text("utf-8") + f"\n{text}\n", "utf-8")


def first(text: str) -> Change:
    """Lines before all others."""
    return lambda zoo: (zoo / TOML).write_text(
        text + "\n" + (zoo / TOML).read_text("utf-8"), encoding="utf-8"
    )


edited = partial(replaced, TOML)
_NAME = f"name = '{BAD}'"
_CHECKPOINT = f"checkpoint = '{BAD}.safetensors'"
_HEAD = f"head = 'heads.safetensors#{BAD}'"
_VAL = f"val = '{BAD}_val.safetensors'"
_SOUND = "name = 'x'\n[base]\ncheckpoint = 'base.safetensors'\n"

NO_TOML = [
    Input(f"zoo.toml: {what}", written(TOML, content), "name" if what == "a date" else TOML)
    for what, content in {
        "nothing": b"",
        "zeros": bytes(1000),
        "text": b"hello",
        "JSON": b'{"name": "x"}',
        "YAML": b"name: x\n",
        "half a string": b"name = 'x",
        "a key twice": b"name = 'x'\nname = 'y'\n",
        "a table twice": b"[base]\n[base]\n",
        "not UTF-8": b"name = '\xff\xfe'",
        "UTF-16": "name = 'x'".encode("utf-16"),
        "a control character": b"name = '\x07'",
        "two megabytes": b"#" * 2_000_000,
        "brackets": b"a = " + b"[" * 100_000,
        "braces": b"a = " + b"{a=" * 50_000,
        "dots": b"a" + b".a" * 50_000 + b" = 1",
        "a huge integer": b"a = " + b"9" * 20_000,
        "only comments": b"# a\n# b\n",
        "a date": b"name = 2026-01-01\n",
        "a lone bracket": b"[",
        "a surrogate": b'name = "\\ud800"',
        "an unknown escape": b'name = "\\q"',
    }.items()
]
WRONG = [
    Input(f"zoo.toml: {what}", change, says)
    for what, change, says in (
        *(
            (f"name = {value}", edited("name = 'Tiny zoo'", f"name = {value}"), "name")
            for value in ("''", "1", "[]", "{}", "true", "nan", "''' '''")
        ),
        *(
            (f"base = {value}", edited("[base]\ncheckpoint = 'base.safetensors'", ""), "base")
            for value in ("gone",)
        ),
        *(
            (f"a task's name {value}", edited(_NAME, f"name = {value}"), "")
            for value in ("''", "1", "[]", "false", "'shallow'", "'   '")
        ),
        *(
            (f"a checkpoint {value}", edited(_CHECKPOINT, f"checkpoint = {value}"), "")
            for value in ("''", "1", "[]", "{}", "true", "'.'", "'..'", "'/'")
        ),
        *(
            (f"classes {value}", edited(f"classes = {list(CLASSES)}", f"classes = {value}"), "")
            for value in ("''", "1", "[]", "[1, 2, 3]", "[['a']]", "['', 'a', 'b']")
        ),
        ("no tasks", written(TOML, _SOUND), "task"),
        ("tasks that are no list", written(TOML, _SOUND + "[tasks]\nname = 'x'\n"), "tasks"),
        ("tasks that are numbers", written(TOML, "tasks = [1, 2]\n" + _SOUND), "tasks"),
        ("no name", edited("name = 'Tiny zoo'\n", ""), "name"),
        ("no checkpoint of a task", edited(_CHECKPOINT, ""), "checkpoint"),
        ("an unknown key", first("colour = 'red'"), "colour"),
        ("an unknown table", added("[colours]\nred = 1"), "colours"),
        ("an unknown key of a task", edited(_NAME, _NAME + "\ncolour = 1"), "colour"),
        ("a misspelt encoder", edited("[encoder]", "[encodr]"), "encodr"),
        ("an unknown key of the encoder", edited("[encoder]", "[encoder]\nmodle = 1"), "modle"),
        ("a control with a checkpoint", added("checkpoint = 'deep.safetensors'"), "checkpoint"),
        ("a control called as a task", edited("name = 'letters'", f"name = '{BAD}'"), BAD),
        ("templates that are text", edited(_HEAD, "templates = 'a {}'"), "templates"),
        ("expected that is text", edited(_NAME, _NAME + "\nexpected = 'high'"), "expected"),
        ("expected of nothing known", edited(_NAME, _NAME + "\nexpected = {best = 0.5}"), "best"),
        ("expected of 95", edited(_NAME, _NAME + "\nexpected = {finetuned = 95}"), "finetuned"),
        ("expected of nan", edited(_NAME, _NAME + "\nexpected = {finetuned = nan}"), "finetuned"),
        ("a long unknown key", first("k" * 5_000 + " = 1"), "kkk"),
        ("an unknown key that sets a title", first('"\\u001b]0;owned\\u0007" = 1'), "owned"),
        (
            "ten thousand tasks of one name",
            added("[[tasks]]\nname = 'x'\ncheckpoint = 'deep.safetensors'\n" * 10_000),
            "",
        ),
        *(
            (f"image_mean = {value}", edited("image_mean = ", f"image_mean = {value} # "), "image_mean")
            for value in (
                "1",
                "[]",
                "[1, 2]",
                "['a', 'b', 'c']",
                "[nan, 0, 0]",
                "[122.7, 116.7, 104.0]",
                "[[0, 0, 0]]",
                "true",
            )
        ),
        *(
            (f"image_std = {value}", edited("image_std = ", f"image_std = {value} # "), "image_std")
            for value in (
                "0",
                "[0, 0, 0]",
                "[-1, 1, 1]",
                "[inf, 1, 1]",
                "[1e-30, 1, 1]",
                "[58.4, 57.1, 57.4]",
            )
        ),
        *(
            (f"logit_scale = {value}", edited("logit_scale = 10.0", f"logit_scale = {value}"), "logit_scale")
            for value in ("0", "-5", "nan", "inf", "1e300", "'ten'", "true", "[]")
        ),
        *(
            (f"encoder model {value}", edited("model = 'config.json'", f"model = {value}"), "")
            for value in ("''", "1", "[]", "true")
        ),
    )
]
_LEAVING = (
    "../x.safetensors",
    "/etc/passwd",
    "a/../../x",
    "~/x.safetensors",
    "$HOME/x",
    "C:\\x",
    "\\\\host\\x",
    "file:///etc/passwd",
    "https://example.org/x",
    "x" * 300,
    "a/" * 1_500 + "a",
    "a\\u0000b",
    "-rf",
    "| touch ran",
    "none.safetensors",
)
PATHS = (
    [
        Input(
            f"checkpoint {path[:30]}",
            edited(
                _CHECKPOINT,
                f'checkpoint = "{path if "u0000" in path else path.replace(chr(92), chr(92) * 2)}"',
            ),
        )
        for path in _LEAVING
    ]
    + [
        Input(
            f"{what} {path[:30]}",
            edited(before, f'{what} = "{path if "u0000" in path else path.replace(chr(92), chr(92) * 2)}"'),
            "",
            "costs its task",
        )
        for what, before in (("head", _HEAD), ("val", _VAL))
        for path in _LEAVING
    ]
    + [
        Input(
            "templates of another language",
            edited(_HEAD, "templates = ['a {c}']"),
            "Template 'a {c}' has no {}",
            "costs its task",
        ),
        Input(
            "templates without a text tower", edited(_HEAD, "templates = ['a {}']"), "text", "costs its task"
        ),
    ]
)
NAMES = [
    Input(
        f"a task called {name[:20]}",
        edited(_NAME, f'name = "{name}"'),
        outcome="accepted",
        command=("inspect", "{zoo}"),
    )
    for name in (
        *(
            "base",
            "all",
            "mean",
            "None",
            "1",
            "true",
            "\\u001b]0;owned\\u0007",
            "a\\nb",
            "<b>x</b>",
            "[x](javascript:alert(1))",
            "$x$",
            ":red[x]",
        ),
        *("\\u202eabc", "w" * 300, "{0}", "%s", "../x", "'", "\\u0000", "\U0001f4a5", "e\u0301" * 30),
    )
]


def _link(target: str) -> Change:
    def change(zoo: Path) -> None:
        (zoo / TOML).unlink()
        (zoo / TOML).symlink_to(target)

    return change


LINKS = [
    Input(f"zoo.toml is a link to {target}", _link(target))
    for target in (
        "/dev/zero",
        "/dev/null",
        "/etc/passwd",
        "zoo.toml",
        "none",
        "/proc/self/mem",
        "/proc/self/environ",
        ".",
        "/",
    )
]
INPUTS = (*NO_TOML, *WRONG, *PATHS, *NAMES, *LINKS)
