"""Buffers: tensors of a model that nobody trains and nobody merges, though they may be of floating point."""

import re

_TABLES = re.compile(
    r"(?:^|\.)(?:position_ids|inv_freq|original_inv_freq|rotary_emb\.\w+|masked_bias|attn_mask|attn\.bias"
    r"|relative_position_index|relative_coords_table|num_batches_tracked)$"
)


def is_table(name: str) -> bool:
    """Whether a tensor is a mask, a list of positions, a rotary table or a counter, by its name.

    Running statistics of a batch norm are none of these: they differ between tasks, and a merge needs some.

    >>> is_table("h.0.attn.masked_bias"), is_table("visual.attn.in_proj_bias"), is_table("bn1.running_mean")
    (True, False, False)
    """
    return _TABLES.search(name) is not None
