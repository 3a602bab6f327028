r"""Plain text: what files and people named, shown without obeying it and without repeating it at length.

A name may hold escape sequences that set a terminal's title, or characters that turn the text behind
them around. They are written as their code, "\u001b", which is how JSON writes them too.
"""

import re

LONGEST_NAME, LONGEST_SENTENCE = 200, 600
"""Characters of a name or path inside a sentence, and of a whole sentence."""

_LINES = re.compile("[ \t\n\r\v\f\x1c-\x1f\x85\u2028\u2029]+")
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters but tab and line feed
    "\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069"  # marks that reorder or break lines
    "\ud800-\udfff]"  # halves of characters, which no terminal and no file takes
)
# A quotation mark behind a letter is an apostrophe.
_QUOTED = re.compile(rf"(?<!\w)'[^']{{{LONGEST_NAME},}}'(?!\w)|\S{{{LONGEST_NAME},}}")


def visible(text: str) -> str:
    r"""Text of several lines that a terminal prints as it stands; inside JSON it still means the same.

    >>> print(visible("a\x1b]0;title\x07\nb"))
    a\u001b]0;title\u0007
    b
    """
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def plain(name: str, longest: int = 80) -> str:
    r"""A name on one line, shortened in the middle.

    >>> plain("deep\nred"), plain("a" * 50 + "b" * 50, 9)
    ('deep\\u000ared', 'aaaa…bbbb')
    """
    return _cut(visible(name).replace("\n", r"\u000a").replace("\t", r"\u0009"), longest)


def sentence(text: str) -> str:
    """A message on one line: every long name in it shortened, and the whole if it is still long."""
    line = visible(_LINES.sub(" ", text).strip())
    return _cut(_QUOTED.sub(lambda found: _cut(found[0], LONGEST_NAME), line), LONGEST_SENTENCE)


def sentence_of(error: Exception) -> str:
    """What an error states, for a person; of the system's errors, about which file.

    >>> sentence_of(PermissionError(13, "Permission denied", "a.pt"))
    "'a.pt' cannot be used: Permission denied."
    """
    if isinstance(error, OSError) and error.filename is not None:
        return sentence(f"'{error.filename}' cannot be used: {error.strerror}.")
    return sentence(str(error))


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    tail = (longest - 1) // 2  # the end of a path is its file; that of a message says what to do
    return f"{text[: longest - 1 - tail]}…{text[-tail:]}"
