import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOUR = ROOT / "docs/tour.md"
BEGIN, END = "<!-- tour: python zoos/demo/tour.py --write -->", "<!-- end of the tour -->"
TITLES = ("Update norms", "Sign conflicts", "TALL masks", "LiNeS", "Measured interference", "Map")
NUMBER = r"−?\+?\d+(?:\.(\d+))?"


@pytest.fixture(scope="module")
def written():
    return TOUR.read_text("utf-8").partition(BEGIN)[2].partition(END)[0]


def numbers(text):
    """Each number, and how far another machine may be off: 5 of its last digit, or 2 where it is whole."""
    found = [(match[0].replace("−", "-"), match[1]) for match in re.finditer(NUMBER, text)]
    return [(float(number), 5 * 10.0 ** -len(digits) if digits else 2.0) for number, digits in found]


def test_every_page_under_diagnose_is_on_the_tour(written):
    for title in TITLES:
        assert f"**{title}.**" in written


def test_pictures_of_the_tour_are_there(written):
    pictures = re.findall(r"\]\((.+?\.png)\)", written)

    assert len(pictures) == len(TITLES)
    assert all((TOUR.parent / picture).exists() for picture in pictures)


def test_tour_in_the_documents_is_what_the_pages_show(written):
    command = [sys.executable, "zoos/demo/tour.py"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert re.sub(NUMBER, "#", shown).split() == re.sub(NUMBER, "#", written).split()
    # Another processor rounds otherwise, and may tip an image or two.
    for (mine, _), (theirs, off) in zip(numbers(shown), numbers(written), strict=True):
        assert mine == pytest.approx(theirs, rel=0.03, abs=off)
