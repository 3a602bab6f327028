import os
import pickle
import sys
from collections import OrderedDict, defaultdict
from io import BytesIO

import pytest

from cache.pickles.inert import Made, Named, Nameless, Persistent, PickleError
from cache.pickles.machine import read_pickle


def read(content):
    return read_pickle(BytesIO(content)).value


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        False,
        0,
        255,
        -70_000,
        2**40,
        2.5,
        "text",
        "naïve \N{SNOWMAN}",
        (),
        (1,),
        (1, 2),
        (1, 2, 3),
        (1, 2, 3, 4),
        [1, [2, []]],
        {"a": {"b": [1, "a"]}, "c": ()},
    ],
    ids=repr,
)
def test_plain_values_are_what_they_are(protocol, value):
    assert read(pickle.dumps(value, protocol)) == value


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_mappings_of_python_are_mappings(protocol):
    values = OrderedDict(a=1, b=2), defaultdict(int, a=1)

    ordered, default = (read(pickle.dumps(value, protocol)) for value in values)

    as_pairs = {key: value for pairs in getattr(ordered, "args", ()) for key, value in pairs}
    assert as_pairs or ordered == {"a": 1, "b": 2}
    assert default == {"a": 1}


def test_keys_that_are_no_text_are_forgotten_so_that_none_can_be_chosen_to_collide():
    keys = list(read(pickle.dumps({1: "a", (2, 3): "b", "c": "d"}, 2)))

    assert [type(key) for key in keys] == [Nameless, Nameless, str]


class Planted:
    """Leaves a mark if it is ever made, set or called."""

    def __reduce__(self):
        return os.system, ("exit 3",)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_call_is_noted_and_not_made(protocol):
    found = read(pickle.dumps({"a": Planted()}, protocol))["a"]

    assert isinstance(found, Made)
    assert found.kind == Named(os.system.__module__, "system")
    assert found.args == ("exit 3",)


# Each asks in another way for code to run: by name, by a class, by attributes, by a table of Python's own.
CANARIES = {
    "GLOBAL": b"cmarks\nleave\n(tR.",
    "STACK_GLOBAL": b"\x80\x04\x8c\x05marks\x8c\x05leave\x93)R.",
    "dotted": b"\x80\x04\x8c\x05marks\x8c\x0aleave.more\x93)R.",
    "INST": b"(imarks\nleave\n.",
    "OBJ": b"(cmarks\nleave\no.",
    "NEWOBJ": b"\x80\x02cmarks\nleave\n)\x81.",
    "NEWOBJ_EX": b"\x80\x04\x8c\x05marks\x8c\x05leave\x93)}\x92.",
    "BUILD": b"\x80\x02cmarks\nleave\n)\x81}U\x0c__setstate__cmarks\nleave\nsb.",
    "BUILD with slots": b"\x80\x02cmarks\nleave\n)\x81N}U\x01acmarks\nleave\ns\x86b.",
    "builtins": b"cbuiltins\n__import__\n(S'marks'\ntR.",
    "getattr": b"cbuiltins\ngetattr\n(cmarks\n__dict__\nS'leave'\ntR(tR.",
    "copyreg": b"ccopyreg\n_reconstructor\n(cmarks\nleave\ncbuiltins\nobject\nNtR.",
    "nested": b"\x80\x02cmarks\nleave\n(cmarks\nleave\n)RtR.",
    "as a mapping": b"\x80\x02cmarks\nleave\n)RU\x01aK\x01s.",
    "as a list": b"\x80\x02cmarks\nleave\n)RK\x01a.",
    "reference": b"\x80\x02cmarks\nleave\n)RQ.",
    "reference as text": b"Pmarks\n.",
    "set": b"\x80\x04\x8f(cmarks\nleave\n)R\x90.",
    "frozenset": b"\x80\x04(cmarks\nleave\n)R\x91.",
}


@pytest.mark.parametrize("content", CANARIES.values(), ids=CANARIES)
def test_nothing_is_imported_or_run(tmp_path, monkeypatch, content):
    (tmp_path / "marks.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\ndef leave(*_): 1 / 0\n")
    monkeypatch.syspath_prepend(str(tmp_path))

    read(content)

    assert "marks" not in sys.modules
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x80\x02\x82\x01.", "uses EXT1, which no checkpoint needs"),
        (b"\x80\x05\x97.", "uses NEXT_BUFFER, which no checkpoint needs"),
        (b"\x80\x02}", "is damaged"),
        (b"\x80\x02.", "is damaged"),
        (b"\x80\x02}}.", "is damaged"),
        (b"\x80\x02e.", "is damaged"),
        (b"\x80\x02h\x05.", "is damaged"),
        (b"\x80\x02)\x93.", "is damaged"),
        (b"\x80\x02K\x01\x86.", "is damaged"),
        (b"\x80\x02K\x01K\x02s.", "is damaged"),
        (b"\xff.", "is damaged"),
        (b"", "is damaged"),
        (b"cos\nsystem", "is damaged"),
        (b"cos\n\xff\n.", "is damaged"),
        (b"I" + b"9" * 100_000 + b"\n.", "is damaged"),
    ],
    ids=repr,
)
def test_what_breaks_the_rules_is_refused(content, message):
    with pytest.raises(PickleError, match=message):
        read(content)


def test_escapes_in_names_are_kept_and_nobody_is_warned():
    assert read(b"c\\q\n\\s\n.") == Named("\\q", "\\s")
    assert read(b"S'\\q'\n.") == "\\q"


@pytest.mark.parametrize(
    "content",
    [
        b"\x80\x02X\xff\xff\xff\x7fabc.",
        b"\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\x7fabc.",
        b"\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\x7fabc.",
        b"\x80\x02\x8b\xff\xff\xff\x7f\x00.",
        b"\x80\x02}p99999999999999999999\n.",
    ],
    ids=["text", "long text", "bytes", "number", "memo"],
)
def test_claimed_lengths_are_not_believed(content):
    with pytest.raises(PickleError, match="is damaged"):
        read(content)


def test_a_place_in_the_memo_takes_no_memory_below_it():
    assert read(b"\x80\x02}r\xff\xff\xff\xff.") == {}


@pytest.mark.parametrize(
    "content",
    [b"]" * 100_000 + b"a" * 99_999, b")" + b"\x85" * 100_000, b"ca\nb\n" + b")R" * 100_000],
    ids=["lists", "tuples", "calls"],
)
def test_deep_nesting_ends(content):
    assert read(b"\x80\x02" + content + b".") is not None


def test_an_object_may_hold_itself():
    found = read(b"\x80\x02}q\x00U\x01ah\x00s.")

    assert found["a"] is found


def test_more_instructions_than_any_checkpoint_has_are_refused(monkeypatch):
    monkeypatch.setattr("cache.pickles.machine.MAX_STEPS", 10)

    with pytest.raises(PickleError, match="more than 10 instructions, which is the limit"):
        read(b"\x80\x02" + b"}0" * 5 + b"}.")


def test_references_are_listed_in_their_order():
    found = read_pickle(BytesIO(b"\x80\x02(K\x01QK\x02Qt."))

    assert [reference.reference for reference in found.references] == [1, 2]
    assert found.value == tuple(found.references)
    assert isinstance(found.value[0], Persistent)


def test_several_pickles_of_one_file_are_read_in_turn():
    file = BytesIO(pickle.dumps(1) + pickle.dumps("two") + b"rest")

    assert [read_pickle(file).value, read_pickle(file).value] == [1, "two"]
    assert file.read() == b"rest"
