"""What the maps of norms show, in one sentence each."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from analysis.arrays import Numbers
from analysis.evaluation.rank_correlation import spearman
from analysis.model.places import Place
from analysis.weights.norms import Measure
from app.views.update_norms.norms import NormTable, of_all
from app.views.update_norms.units import in_words, number
from app.words.parts import COMPONENT_NAMES, place_name

GROWTH = 1.25
"""How much further the last third of the blocks must move than the first, to speak of depth."""

ORDER = 0.7
"""Rank correlation of depth and norm from which the blocks in between follow suit."""

AGREEING = 0.75
"""Share of the tasks that must show the same growth."""

FEWEST_BLOCKS = 6
"""Blocks from which thirds of them are compared."""

STANDING_OUT = 2.0
"""How much further or less far than the middle block a layer must move, to stand out."""

LEADING = 2 / 3
"""Share of the layers in which a task must move furthest, to lead."""


def norms_takeaway(table: NormTable) -> str:
    """Which layers move furthest, if any does, and which task."""
    if not np.nan_to_num(table.by_row).any():
        return "No task moved these weights."
    leader = _leader(table)
    if table.measure is Measure.ROW:
        return leader or _nobody_leads(table)
    return f"{_with_depth(table) or _standing_out(table) or _alike(table)} {leader}".strip()


def components_takeaway(table: NormTable, task: str | None) -> str:
    """Which kind of weights moves furthest, if any does."""
    whose = "the average task" if task is None else task
    known = {
        COMPONENT_NAMES[name]: float(norm)
        for name, norm in zip(table.columns, table.by_column, strict=True)
        if np.isfinite(norm)
    }
    if not any(known.values()):
        return f"Nothing here was moved by {whose}."
    first, last = max(known, key=known.__getitem__), min(known, key=known.__getitem__)
    high, low = in_words(table.measure, known[first]), number(table.measure, known[last])
    if table.measure is Measure.ROW:
        low = in_words(table.measure, known[last])
        return f"Against the other tasks {task} moves {first} most, {high}, and {last} least, {low}."
    if known[first] < GROWTH * known[last]:
        return f"No component stands out for {whose}: {low} to {high}."
    return f"For {whose} {first} moves furthest, {high}; {last} least, {low}."


def _with_depth(table: NormTable) -> str:
    """Whether updates grow or shrink from the input to the output, in nearly all tasks."""
    tower, rows = _deepest_tower(table.rows)
    norms = table.by_row[rows]
    if len(rows) < FEWEST_BLOCKS or not np.isfinite(norms).all():
        return ""
    third = len(rows) // 3
    growth, order = _growth(norms, third), spearman(norms, np.arange(float(len(norms)))) or 0.0
    grows = growth >= GROWTH and order >= ORDER
    if not grows and not (growth <= 1 / GROWTH and order <= -ORDER):
        return ""
    each = [_growth(table.values[rows, task], third) for task in range(len(table.columns))]
    agreeing = sum(one > 1 if grows else one < 1 for one in each)
    if agreeing < AGREEING * len(each):
        return ""
    measure = of_all(table.measure)
    last, first = in_words(measure, float(norms[-1])), number(measure, float(norms[0]))
    return (
        f"Updates {'grow' if grows else 'shrink'} with depth{tower} in {agreeing} of {len(each)} tasks: "
        f"block {len(rows) - 1} moves {last}, block 0 moves {first}."
    )


def _standing_out(table: NormTable) -> str:
    """The layer furthest from the middle block, if it is far; norms and the like move little everywhere."""
    rows = [row for row in range(len(table.rows)) if np.isfinite(table.by_row[row])]
    blocks = [row for row in rows if table.rows[row].layer is not None]
    usual = blocks if len(blocks) > 2 else rows
    middle = float(np.median(table.by_row[usual]))
    if len(usual) < 3 or not middle:
        return ""
    first = max(rows, key=lambda row: table.by_row[row])
    last = min(usual, key=lambda row: table.by_row[row])
    is_far, is_near = (
        table.by_row[first] >= STANDING_OUT * middle,
        table.by_row[last] * STANDING_OUT <= middle,
    )
    if not is_far and not is_near:
        return ""
    row, how = (first, "moves") if is_far else (last, "moves only")
    name, measure = place_name(table.rows[row], table.rows), of_all(table.measure)
    said = in_words(measure, float(table.by_row[row]))
    what = "block" if usual is blocks else "layer"
    return f"{_capital(name)} stands out: it {how} {said}, the middle {what} {number(measure, middle)}."


def _alike(table: NormTable) -> str:
    rows = [row for row in range(len(table.rows)) if np.isfinite(table.by_row[row])]
    blocks = [row for row in rows if table.rows[row].layer is not None]
    measure = of_all(table.measure)
    if len(blocks) < 2 and len(rows) < 2:
        return f"These weights move {in_words(measure, float(table.by_row[rows[0]]), whose='their')}."
    what, shown = ("block", blocks) if len(blocks) > 1 else ("layer", rows)
    norms = table.by_row[shown]
    low, high = number(measure, float(norms.min())), in_words(measure, float(norms.max()), whose="their")
    return f"No {what} stands out: they move {low} to {high}."


def _leader(table: NormTable) -> str:
    """The task that moves furthest in most layers."""
    leaders, n = _leaders(table)
    if not leaders:
        return ""
    task, rows = leaders.most_common(1)[0]
    if rows < LEADING * n:
        return ""
    where = f"in {rows} of {n} layers" if rows < n else "in every layer" if n > 1 else "here"
    if table.measure is not Measure.ROW:
        return f"{task} moves furthest {where}."
    lead = in_words(Measure.ROW, float(table.by_column[table.columns.index(task)]))
    return f"{task} moves furthest {where}: over all of them {lead}."


def _nobody_leads(table: NormTable) -> str:
    leaders, n = _leaders(table)
    if not leaders:
        return "All tasks move each layer alike."
    (first, rows), *others = leaders.most_common(2)
    after = f", {others[0][0]} in {others[0][1]}" if others else ""
    return f"No task moves furthest everywhere: {first} does in {rows} of {n} layers{after}."


def _leaders(table: NormTable) -> tuple[Counter[str], int]:
    """Layers in which each task alone moves furthest, and layers in which tasks differ."""
    rows = [row for row in table.values if np.isfinite(row).any() and np.nanmax(row) > np.nanmin(row)]
    alone = [row for row in rows if np.count_nonzero(row == np.nanmax(row)) == 1]
    return Counter(table.columns[int(np.nanargmax(row))] for row in alone), len(rows)


def _deepest_tower(rows: Sequence[Place]) -> tuple[str, list[int]]:
    """Words that name the tower with most blocks where there are several, and their rows."""
    towers = Counter(place.tower for place in rows if place.layer is not None)
    if not towers:
        return "", []
    tower = towers.most_common(1)[0][0]
    blocks = [row for row, place in enumerate(rows) if place.tower == tower and place.layer is not None]
    return (f" in the {tower} tower" if len(towers) > 1 else ""), blocks


def _growth(norms: Numbers, third: int) -> float:
    before, behind = float(norms[:third].mean()), float(norms[-third:].mean())
    return behind / before if before > 0 else np.inf if behind > 0 else 1.0


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
