"""Norms by layer and task in a sentence: growth with depth, layers that stand out, a task that leads."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal

import numpy as np

from analysis.arrays import Numbers
from analysis.evaluation.rank_correlation import spearman
from analysis.model.places import Place
from analysis.weights.norms import Measure
from app.views.update_norms.norm_table import NormTable, of_all
from app.views.update_norms.units import in_words, number
from app.words.parts import place_name

GROWTH = 1.25
"""Ratio of the last third of the blocks to the first from which updates grow with depth."""

ORDER = 0.7
"""Rank correlation of depth and norm from which the blocks in between grow as well."""

AGREEING = 0.75
"""Share of the tasks that must show the same growth."""

FEWEST_BLOCKS = 6
"""Blocks from which thirds of them are compared."""

STANDING_OUT = 2.0
"""Ratio to the median block from which a layer stands out, above or below it."""

LEADING = 2 / 3
"""Share of the layers in which a task must have the largest update, to lead."""


def by_task_takeaway(table: NormTable) -> str:
    """The layers and the task with the largest updates, if any stand out."""
    if not np.nan_to_num(table.by_row).any():
        return "No task changed these weights."
    leader = _leader(table)
    if table.measure is Measure.ROW:
        return leader or _nobody_leads(table)
    return f"{_with_depth(table) or _standing_out(table) or _alike(table)} {leader}".strip()


def growth_with_depth(table: NormTable) -> Literal[-1, 0, 1]:
    """1 where updates grow from input to output in nearly all tasks, −1 where they shrink, 0 for neither."""
    _, rows = _deepest_tower(table.rows)
    norms = table.by_row[rows]
    if len(rows) < FEWEST_BLOCKS or not np.isfinite(norms).all():
        return 0
    third = len(rows) // 3
    growth, order = _growth(norms, third), spearman(norms, np.arange(float(len(norms)))) or 0.0
    grows = growth >= GROWTH and order >= ORDER
    if not grows and not (growth <= 1 / GROWTH and order <= -ORDER):
        return 0
    if _n_agreeing(table, grows=grows) < AGREEING * len(table.columns):
        return 0
    return 1 if grows else -1


def _n_agreeing(table: NormTable, *, grows: bool) -> int:
    """Tasks whose own updates grow with depth, or shrink."""
    rows = _deepest_tower(table.rows)[1]
    each = [_growth(table.values[rows, task], len(rows) // 3) for task in range(len(table.columns))]
    return sum(one > 1 if grows else one < 1 for one in each)


def _with_depth(table: NormTable) -> str:
    """Growth of the updates from the input to the output, or the reverse, if nearly all tasks show it."""
    side = growth_with_depth(table)
    if not side:
        return ""
    tower, rows = _deepest_tower(table.rows)
    measure, norms = of_all(table.measure), table.by_row[rows]
    last, first = in_words(measure, float(norms[-1])), number(measure, float(norms[0]))
    return (
        f"Updates {'grow' if side > 0 else 'shrink'} with depth{tower} in "
        f"{_n_agreeing(table, grows=side > 0)} of {len(table.columns)} tasks: "
        f"block {len(rows) - 1} changes by {last}, block 0 by {first}."
    )


def _standing_out(table: NormTable) -> str:
    """The layer furthest from the median block, if it is far; norm layers change little everywhere."""
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
    row, only = (first, "") if is_far else (last, "only ")
    measure, place = of_all(table.measure), table.rows[row]
    kind = "layer" if place.layer is None else "block"
    usual_kind = "block" if usual is blocks else "layer"
    return (
        f"The {kind} that stands out most is {place_name(place, table.rows)}: it changes by {only}"
        f"{in_words(measure, float(table.by_row[row]))}, the median {usual_kind} by "
        f"{number(measure, middle)}."
    )


def _alike(table: NormTable) -> str:
    rows = [row for row in range(len(table.rows)) if np.isfinite(table.by_row[row])]
    blocks = [row for row in rows if table.rows[row].layer is not None]
    measure = of_all(table.measure)
    if len(blocks) < 2 and len(rows) < 2:
        return f"These weights change by {in_words(measure, float(table.by_row[rows[0]]), whose='their')}."
    what, shown = ("block", blocks) if len(blocks) > 1 else ("layer", rows)
    norms = table.by_row[shown]
    low, high = number(measure, float(norms.min())), in_words(measure, float(norms.max()), whose="their")
    return f"No {what} stands out: the {what}s change by {low} to {high}."


def _leader(table: NormTable) -> str:
    """The task with the largest update in most layers."""
    leaders, n = _leaders(table)
    if not leaders:
        return ""
    task, rows = leaders.most_common(1)[0]
    if rows < LEADING * n:
        return ""
    where = f"in {rows} of {n} layers" if rows < n else "in every layer" if n > 1 else "here"
    if table.measure is not Measure.ROW:
        return f"'{task}' has the largest update {where}."
    lead = in_words(Measure.ROW, float(table.by_column[table.columns.index(task)]))
    return f"'{task}' has the largest update {where}: over all layers together, {lead}."


def _nobody_leads(table: NormTable) -> str:
    leaders, n = _leaders(table)
    if not leaders:
        return "No task has a larger update than the others."
    (first, rows), *others = leaders.most_common(2)
    after = f", '{others[0][0]}' in {others[0][1]}" if others else ""
    return f"No task has the largest update everywhere: '{first}' has it in {rows} of {n} layers{after}."


def _leaders(table: NormTable) -> tuple[Counter[str], int]:
    """Layers in which each task alone has the largest update, and layers in which tasks differ."""
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
