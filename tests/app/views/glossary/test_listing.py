from app.views.glossary.listing import as_rows
from app.words.glossary import GLOSSARY, Term


def test_every_word_is_listed_with_its_paper():
    rows = dict(as_rows(GLOSSARY, ""))

    assert list(rows) == list(GLOSSARY)
    assert rows["LiNeS"].endswith("[arXiv:2410.17146](https://arxiv.org/abs/2410.17146)")


def test_words_are_found_by_a_part_of_them_or_of_their_meaning():
    glossary = {"TALL mask": Term("what a task needs"), "λ": Term("the scale")}

    assert [word for word, _ in as_rows(glossary, " MASK ")] == ["TALL mask"]
    assert [word for word, _ in as_rows(glossary, "scale")] == ["λ"]
    assert as_rows(glossary, "nothing of it") == []
