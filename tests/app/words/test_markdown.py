import pytest

from app.words.markdown import unformatted


@pytest.mark.parametrize(
    "sentence",
    [
        "'digits' at λ = 0.4: −3.4 points (−5.0 to −1.0), 50\xa0% of task_arithmetic.",
        "zoo.toml has no [encoder]: weights can be compared and merged, R&D too.",
        "Opening /models/my-zoo_v2/zoo.toml: Reading heads",
        "2 < 3, x = y, 5 - 3, 10:22, x<=y",
        "To allow it, start the server with --root '/models/a--b', or --save-to.",
    ],
)
def test_plain_sentences_stay_as_they_are(sentence):
    assert unformatted(sentence) == sentence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*a* **b** _c_ __d__ e_f", r"\*a\* \*\*b\*\* \_c\_ \_\_d\_\_ e_f"),
        ("`a` ~~b~~ $x$", r"\`a\` \~\~b\~\~ \$x\$"),
        ("[a](b) ![c](d) [e][f] [g]: h", r"[a\](b) \![c\](d) [e\][f] [g]: h"),
        ("<b>a</b> <!--b--> &lt;", "\\<b>a\\</b> \\<!--b--> \\&lt;"),
        (r"a\*b C:\new", r"a\\\*b C:\new"),
        ("# a", r"\# a"),
        ("- a", r"\- a"),
        ("1. a", r"1\. a"),
        ("> a", r"\> a"),
        ("a\n# b", "a # b"),
    ],
)
def test_markdown_is_escaped(text, expected):
    assert unformatted(text) == expected


@pytest.mark.parametrize(
    "text", [":smile:", ":100:", ":+1:", ":red[a]", ":material/home:", "https://e.example", "a@e.example"]
)
def test_what_is_found_in_finished_text_is_broken_up_without_a_trace(text):
    shown = unformatted(text)

    assert text not in shown
    assert shown.replace("\N{WORD JOINER}", "") == text


@pytest.mark.parametrize(
    "text", ["www.e.example", "WWW.e.example", "a -> b", "a <-> b", "-- b", "a <= b", "a ~="]
)
def test_addresses_and_arrows_are_broken_up_too(text):
    assert "\N{WORD JOINER}" in unformatted(text)
