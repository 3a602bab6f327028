r"""Markdown in which names from files are shown as they are written.

Streamlit formats almost every text it shows: Markdown, LaTeX, colours, icons, emoji, links, arrows. A
sentence of ours holds names that others chose; only what would be formatted is written differently, so that
plain sentences stay as they are.
"""

import re

_SPECIAL = re.compile(
    r"""
    \\(?=[!-/:-@\[-`{-~])           # a backslash that would take the next character's meaning
    | [*`$~]                        # emphasis, code, LaTeX, strikethrough
    | (?<![^\W_])_ | _(?![^\W_])    # emphasis; inside a word it means nothing
    | \](?=[(\[])                   # of a link
    | ^\s*\[(?=[^\]]*\]:)           # of the address that a link stands for
    | !(?=\[)                       # of an image
    | <(?=[A-Za-z/!?])              # of a tag or a link
    | &(?=\#?\w+;)                  # of an entity
    | ^\s*(?:[-+>|]|\#+|=+)(?=\s|$) # of a list, a quotation, a table or a heading
    """,
    re.VERBOSE,
)
_NUMBERED = re.compile(r"^(\s*\d+)([.)])(?=\s|$)")
# Found in finished text, where a backslash is gone: broken up by a character that takes no room.
_JOINER = "\N{WORD JOINER}"
_LATER = re.compile(
    r"""
    :(?=[\w+-]*[A-Za-z+-]|//|\d+:)  # of a colour, an icon, an emoji or an address
    | @(?=\w) | (?i:\bwww)(?=\.)    # of an address
    # of a dash, an arrow or a relation, which stand alone: "--root" is no dash, and people copy it
    | (?<!\S)[-<>](?=(?:->|[->=])(?!\S)) | ~(?==(?!\S))
    """,
    re.VERBOSE,
)


def unformatted(text: str) -> str:
    r"""Text as Markdown that shows exactly this text, on one line.

    >>> print(unformatted("Task '**b** $x$ :red[r]' of task_arithmetic: 3.5 %"))
    Task '\*\*b\*\* \$x\$ :⁠red[r]' of task_arithmetic: 3.5 %
    """
    line = " ".join(text.split("\n"))
    line = _SPECIAL.sub(lambda found: found[0][:-1] + "\\" + found[0][-1], line)
    line = _NUMBERED.sub(r"\1\\\2", line)
    return _LATER.sub(lambda found: found[0] + _JOINER, line)
