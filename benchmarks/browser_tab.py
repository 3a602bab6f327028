"""A browser tab without a browser: Streamlit's protocol over a real web socket, with the page's timers."""

import asyncio
import json
from time import perf_counter
from typing import Any, NamedTuple, cast

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

_CHART = "merge_lab.dumbbells"
_MAX_AGE = 2
"""Runs for which a browser keeps a message that the server may refer to; `global.maxCachedMessageAge`."""


class Shown(NamedTuple):
    """What the lab's chart shows."""

    recipe: str
    """Digest of the recipe drawn."""
    accuracies: dict[str, float | None]
    """By task, in 0 … 1; None while it has none."""
    n_new: int
    """How many belong to this recipe, not to the one before."""
    at: float
    """When it came, by `perf_counter`."""

    @property
    def is_whole(self) -> bool:
        """Whether every task has its accuracy under this recipe."""
        return self.n_new == len(self.accuracies)


class Traffic(NamedTuple):
    """What the server sent to one tab."""

    wire: int
    """Bytes on the wire: compressed, as a browser asks for them."""
    unpacked: int
    """Bytes of the messages in them."""
    messages: int


class _CountingConnection(ClientConnection):
    """A connection that counts what arrives, before it is unpacked."""

    n_bytes = 0

    def data_received(self, data: bytes) -> None:
        self.n_bytes += len(data)
        super().data_received(data)


class BrowserTab:
    """One visitor: moves sliders, answers the server's timers, and reads the lab's chart."""

    def __init__(self, address: str) -> None:
        """Stay closed until `open`.

        Args:
            address: Of the server, `http://…`.
        """
        self.shown: Shown | None = None
        self.history: list[Shown] = []
        self.exceptions: list[str] = []
        self._address = address.replace("http", "ws", 1) + "/_stcore/stream"
        self._socket: _CountingConnection | None = None
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._widgets: dict[str, str] = {}
        self._values: dict[str, float] = {}
        self._kept: dict[str, tuple[ForwardMsg, int]] = {}
        self._run = self._unpacked = self._messages = 0
        self._news = asyncio.Event()

    @property
    def traffic(self) -> Traffic:
        """Since the tab was opened."""
        return Traffic(self._socket.n_bytes if self._socket else 0, self._unpacked, self._messages)

    async def open(self) -> None:
        """Connect and draw the page for the first time."""
        socket = await connect(
            self._address,
            subprotocols=[Subprotocol("streamlit")],
            max_size=None,
            create_connection=_CountingConnection,
        )
        self._socket = cast(_CountingConnection, socket)
        self._tasks["reader"] = asyncio.create_task(self._read(self._socket))
        await self._rerun()

    async def close(self) -> None:
        """Leave."""
        for task in self._tasks.values():
            task.cancel()
        if self._socket is not None:
            await self._socket.close()

    async def move(self, key: str, value: float) -> float:
        """Release a slider, known by its key's end, and return when, by `perf_counter`."""
        self._values[self._widgets[key]] = value
        at = perf_counter()
        await self._rerun()
        return at

    def has(self, key: str) -> bool:
        """Whether an input of this key was drawn."""
        return key in self._widgets

    async def next_news(self, timeout: float) -> bool:
        """Wait until the chart was drawn again, at most so many seconds; whether it was."""
        self._news.clear()
        try:
            await asyncio.wait_for(self._news.wait(), timeout)
        except TimeoutError:
            return False
        return True

    async def _rerun(self, fragment: str = "") -> None:
        message = BackMsg()
        request = message.rerun_script
        for widget, value in self._values.items():
            state = request.widget_states.widgets.add()
            state.id = widget
            state.double_array_value.data.append(value)
        request.cached_message_hashes.extend(self._kept)
        if fragment:
            request.fragment_id, request.is_auto_rerun = fragment, True
        data = message.SerializeToString()
        if self._socket is not None:
            await self._socket.send(data)

    async def _tick(self, fragment: str, interval: float) -> None:
        while True:
            await asyncio.sleep(interval)
            await self._rerun(fragment)

    async def _read(self, socket: ClientConnection) -> None:
        async for data in socket:
            if isinstance(data, bytes):
                self._unpacked += len(data)
                self._messages += 1
                self._take(ForwardMsg.FromString(data))

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            self._draw(self._kept[message.ref_hash][0].delta.new_element)
            self._kept[message.ref_hash] = (self._kept[message.ref_hash][0], self._run)
        elif kind == "new_session":
            if not message.metadata.run.fragment_ids:
                self._stop_timers()
        elif kind == "auto_rerun":
            self._start_timer(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            self._run += 1
            self._kept = {key: kept for key, kept in self._kept.items() if self._run - kept[1] <= _MAX_AGE}
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            if message.metadata.cacheable:
                self._kept[message.hash] = (message, self._run)
            self._draw(message.delta.new_element)

    def _stop_timers(self) -> None:
        for name in [name for name in self._tasks if name != "reader"]:
            self._tasks.pop(name).cancel()

    def _start_timer(self, fragment: str, interval: float) -> None:
        if (old := self._tasks.get(fragment)) is not None:
            old.cancel()
        self._tasks[fragment] = asyncio.create_task(self._tick(fragment, interval))

    def _draw(self, element: Any) -> None:
        kind = element.WhichOneof("type")
        drawn = getattr(element, kind)
        if kind == "exception":
            self.exceptions.append(f"{drawn.type}: {drawn.message}")
        identity = getattr(drawn, "id", "")
        if identity.startswith("$$ID-"):
            self._widgets[identity.split("-", 2)[2]] = identity
            if kind == "plotly_chart" and _CHART in identity:
                self._read_chart(json.loads(drawn.spec))

    def _read_chart(self, spec: dict[str, Any]) -> None:
        merge = next(trace for trace in spec["data"] if trace.get("name") == "merge")
        opacity = merge["marker"]["opacity"]
        self.shown = Shown(
            recipe=spec["layout"]["meta"],
            accuracies=dict(zip(merge["y"], merge["x"], strict=True)),
            n_new=sum(value == 1 and x is not None for value, x in zip(opacity, merge["x"], strict=True)),
            at=perf_counter(),
        )
        self.history.append(self.shown)
        self._news.set()
