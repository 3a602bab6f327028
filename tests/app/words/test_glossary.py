import pytest

from analysis.merge.registry import merge_methods
from app.registry import pages
from app.words.glossary import GLOSSARY
from app.words.papers import PAPERS


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.title)
def test_every_page_is_explained_in_words_that_the_glossary_has(page):
    assert len(page.explains) > 60
    assert set(page.terms) <= set(GLOSSARY)


def test_every_paper_that_is_named_is_listed():
    named = {term.source for term in GLOSSARY.values()} - {""}
    named |= {method.source for method in merge_methods().values() if method.source.startswith("arXiv:")}

    assert named <= set(PAPERS)
