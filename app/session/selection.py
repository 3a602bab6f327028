"""The selection of one visitor: kept on every page of a tab, and written into its address."""

from collections.abc import Mapping, Sequence

TASK, PAIR, PLACE, COMPONENT = "task", "pair", "layer", "component"
"""Words of the selection that all pages share; further words are settings of single pages."""


class Selection:
    """Words by name, each either chosen or at its default; a word that makes no sense here is its default."""

    def __init__(self, *, tasks: Sequence[str], places: Sequence[str], components: Sequence[str]) -> None:
        """Start with nothing chosen.

        Args:
            tasks: The zoo's tasks, in its order.
            places: Keys of the rows of a chart by layer, in network order.
            components: Kinds of weights the zoo has.
        """
        self.tasks = tuple(tasks)
        self.places = tuple(places)
        self.components = tuple(components)
        self.revision = 0
        """Grows when a word is changed otherwise than in its own input, which then shows the new one."""
        self._words: dict[str, str] = {}

    @property
    def words(self) -> Mapping[str, str]:
        """What was chosen and is no default, by name, as it stands in the address."""
        return self._words

    @property
    def task(self) -> str | None:
        """The task in focus."""
        return self.one_of(TASK, self.tasks)

    @property
    def pair(self) -> tuple[str, str] | None:
        """Two tasks in focus, in the zoo's order."""
        word = self._words.get(PAIR)
        pairs = {pair_word(a, b): (a, b) for i, a in enumerate(self.tasks) for b in self.tasks[i + 1 :]}
        return None if word is None else pairs.get(word)

    @property
    def place(self) -> str | None:
        """Key of the layer in focus."""
        return self.one_of(PLACE, self.places)

    @property
    def component(self) -> str | None:
        """The component in focus; None for all."""
        return self.one_of(COMPONENT, self.components)

    def one_of(self, name: str, options: Sequence[str]) -> str | None:
        """The word, if it is one of these."""
        word = self._words.get(name)
        return word if word in options else None

    def number(self, name: str, default: float, *, low: float, high: float) -> float:
        """The word as a number in [low, high]; the default where it is none."""
        found = self.number_in(name, low=low, high=high)
        return default if found is None else found

    def number_in(self, name: str, *, low: float, high: float) -> float | None:
        """The word, if it is a number in [low, high]."""
        try:
            number = float(self._words[name])
        except (KeyError, ValueError):
            return None
        return number if low <= number <= high else None

    def set(self, name: str, word: str | None) -> None:
        """Take the word of an input; None takes its default again."""
        if word is None:
            self._words.pop(name, None)
        else:
            self._words[name] = word

    def take(self, words: Mapping[str, str]) -> None:
        """Take words from elsewhere: an address, a click on a chart."""
        if any(self._words.get(name) != word for name, word in words.items()):
            self._words |= words
            self.revision += 1

    def choose_task(self, task: str) -> None:
        """Put a task in focus on every page."""
        self.take({TASK: task})

    def choose_pair(self, one: str, other: str) -> None:
        """Put two tasks in focus on every page; a task is no pair with itself."""
        if one == other:
            self.choose_task(one)
            return
        first, second = sorted((one, other), key=self.tasks.index)
        self.take({PAIR: pair_word(first, second)})

    def choose_place(self, place: str) -> None:
        """Put a layer in focus on every page."""
        self.take({PLACE: place})

    def choose_component(self, component: str) -> None:
        """Put a component in focus on every page."""
        self.take({COMPONENT: component})


def pair_word(first: str, second: str) -> str:
    """Two tasks as one word of an address; other names give another word, also where they hold a "~"."""
    return "~".join(name.replace("%", "%25").replace("~", "%7E") for name in (first, second))
