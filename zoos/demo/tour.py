"""Tour of the demo zoo: the sentence above each chart under Diagnose, word for word.

    python zoos/demo/tour.py [--write | --ship]

Opens every page as the app does, presses what must be measured, and reads the sentence above each chart.
With --write the tour in docs/tour.md is replaced; without, it is printed. With --ship everything that has a
Measure button is measured, in about eight minutes, and written into runs.parquet, which fills the pages of
whoever opens the zoo. The same weights and images on
the same kind of device give the same sentences.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic, sleep

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from streamlit.testing.v1 import AppTest  # noqa: E402

TOUR = ROOT / "docs/tour.md"
BEGIN, END = "<!-- tour: python zoos/demo/tour.py --write -->\n", "<!-- end of the tour -->"
_SECTIONS = "remove,overlap,parts,ramp,alone"
"""Those closed at first, of all pages."""
PATIENCE = 900
"""Seconds for all that one page measures, on a busy machine."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One page of the tour."""

    title: str
    charts: Sequence[str]
    """Keys of the charts whose sentences are shown."""
    presses: Sequence[str] = ()
    """Beginnings of the keys of measurements that are full first."""
    address: Mapping[str, str] = field(default_factory=dict)


STOPS = (
    Stop("Update norms", ("norms.map", "norms.components")),
    Stop(
        "Sign conflicts",
        ("signs.pairs", "signs.magnitude", "signs.graded", "signs.ties"),
        ("signs.magnitude",),
    ),
    Stop(
        "TALL masks",
        ("masks.counts", "masks.layers", "masks.reconstruction", "masks.best"),
        ("masks.reconstruction", "masks.best"),
    ),
    Stop(
        "LiNeS",
        ("lines.profile", "lines.betas", "lines.forgetting", "lines.worth"),
        ("lines.sweep", "lines.trade_off", "lines.layers"),
        {"sections": "alone"},
    ),
    Stop(
        "Measured interference",
        ("interference.matrix", "interference.relations", "interference.left", "interference.orders"),
        ("interference.pairs", "interference.leave_out", "interference.adding"),
    ),
    Stop("Map", ("map.cosines", "map.tasks", "map.layers", "map.images")),
)


LEADS = {
    "masks.layers": "By layer",
    "interference.left": "Leaving one out of the merge of all",
    "interference.orders": "Adding one by one",
}
"""What a sentence is about where it does not say so away from its chart's title."""


def main() -> None:
    """Print the tour, or write it into its document."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="replace the tour in docs/tour.md")
    parser.add_argument("--ship", action="store_true", help="measure all and write runs.parquet")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as store:
        os.environ |= {"TAUSCOPE_CACHE": store, "TAUSCOPE_ZOO": str(ROOT / "zoos/demo")}
        os.environ |= {"TAUSCOPE_DEVICE": "cpu", "TAUSCOPE_MEASURE_AGAIN": "1"}
        if chosen.ship:
            print(shipped())
        elif chosen.write:
            TOUR.write_text(with_tour(TOUR.read_text("utf-8"), tour()), "utf-8")
        else:
            print(tour())
    sys.stdout.flush()
    os._exit(0)  # the worker's thread has nothing left to do


def with_tour(document: str, sentences: str) -> str:
    """The document with another tour between its marks."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + sentences + END + after


def tour() -> str:
    """Every stop as Markdown: title, question, picture, and the page's sentences."""
    return "".join(_shown(stop) for stop in STOPS)


def shipped() -> str:
    """Measure everything that has a button, on every page, and write what was found beside the zoo."""
    for stop in (Stop("Merge lab", ()), *STOPS):
        page = _settled(_opened(replace(stop, address={"sections": _SECTIONS})))
        keys = [button.key or "" for button in page.button]
        for key in [key for key in keys if key.endswith(".start")]:
            page = _filled(page, key.removesuffix(".start"))
        _idle(page)

    from app import resources
    from app.cli.shipping import ship
    from app.work.jobs import JobContext

    demo = ROOT / "zoos/demo"
    return ship(resources.workbenches().open(demo, JobContext(), device="cpu"))


def _shown(stop: Stop) -> str:
    page = _settled(_opened(stop))
    for topic in stop.presses:
        page = _filled(page, topic)
    takeaways = {chart.key: chart.proto.alt for chart in page.get("plotly_chart")}
    # A Vega chart does not give its key; the images' is the only one.
    for images in page.get("vega_lite_chart"):
        takeaways["map.images"] = images.proto.alt
    sentences = "\n".join(f"- {_led(takeaways[key], LEADS.get(key))}" for key in stop.charts)
    picture = f"../app/pictures/{stop.title.lower().replace(' ', '-')}.png"
    question = page.caption[0].value  # the header's
    return f"\n**{stop.title}.** {question}\n\n![{stop.title}]({picture})\n\n{sentences}\n"


def _led(sentence: str, lead: str | None) -> str:
    if lead is None:
        return sentence
    return f"{lead}: {sentence[0].lower()}{sentence[1:]}"


def _opened(stop: Stop) -> AppTest:
    page = AppTest.from_function(_page, default_timeout=120, args=(stop.title,))
    page.query_params.update(stop.address)
    return page.run()


def _page(title: str) -> None:
    from app.registry import pages

    next(page for page in pages() if page.title == title).render()


def _settled(page: AppTest) -> AppTest:
    """Run the page until nothing is under way that it waits for."""
    from app import resources
    from app.work.jobs import Lane

    deadline = monotonic() + PATIENCE
    while monotonic() < deadline:
        waited = [job for job in resources.worker().queue() if job.lane is not Lane.IDLE]
        if not waited and not page.get("skeleton"):
            return page.run()
        for job in waited:
            job.wait(PATIENCE)
        page.run()
    raise TimeoutError(f"'{page.title}' never settled.")


def _idle(page: AppTest) -> None:
    """Run the page until the strips and checks behind it are measured too."""
    from app import resources

    deadline = monotonic() + PATIENCE
    while jobs := resources.worker().queue():
        if monotonic() > deadline:
            raise TimeoutError(f"'{page.title}' never came to rest.")
        jobs[0].wait(5)
        page.run()


def _filled(page: AppTest, topic: str) -> AppTest:
    """Press a card's button, where it did not start by itself, and run the page until all is measured."""
    from app import resources

    for button in [one for one in page.button if one.key == f"{topic}.start"]:
        button.click().run()
    deadline = monotonic() + PATIENCE
    while [one for one in page.button if one.key in (f"{topic}.stop", f"{topic}.start")]:
        if monotonic() > deadline:
            raise TimeoutError(f"{topic} was never full.")
        for job in resources.worker().queue()[:1]:
            job.wait(5)
        sleep(0.5)
        page.run()
    return _settled(page)


if __name__ == "__main__":
    main()
