"""One session with a dashboard, as a browser holds it, but with nothing to draw."""

import asyncio
import json
import time

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.load.page import Page
from tests.load.widgets import pressed

SECONDS = 60.0
"""So long something is waited for."""


class NeverSeenError(Exception):
    """What was waited for did not come."""


class Session:
    """A tab. bytes, messages: what the server has sent so far. errors: tracebacks and failures, as text."""

    def __init__(self, connection, server):
        self.page, self.bytes, self.messages, self.errors = Page(), 0, 0, []
        self._connection, self._server = connection, server
        self._kept = {}  # messages that the server may name by their hash later
        self._changed = asyncio.Event()
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, server, address=""):
        """Load a page and wait until all of it is there. server: http://host:port; address: train?seed=1."""
        session = await cls.connected(server)
        await session.begin(address)
        return session

    @classmethod
    async def connected(cls, server):
        """A tab that has asked for nothing yet."""
        stream = server.replace("http", "ws", 1) + "/_stcore/stream"
        # A browser does not ask whether the server is still there, however long it says nothing.
        connection = await websockets.connect(
            stream, subprotocols=["streamlit"], compression=None, max_size=None, ping_interval=None
        )
        return cls(connection, server)

    async def begin(self, address=""):
        """The first page, until all of it is there."""
        name, _, query = address.partition("?")
        await self._send(query=query, name=name)
        await self.settle()

    async def close(self):
        """Close the tab."""
        await self._connection.close()
        self._reader.cancel()

    # What a visitor does; each returns when it has been said, not when it has been answered.

    async def go(self, name):
        """Another page, by its address: "train"; "" is the first."""
        await self._send(page=self.page.pages[name], leaving=True)

    async def press(self, name):
        """A button, by its key or label."""
        button = await self.there(name)
        await self._send(trigger=pressed(button.id), fragment=button.fragment)

    async def set(self, name, value):
        """Another value of a widget, by its key or label."""
        widget = await self.there(name)
        self.page.widgets.values[widget.id] = value
        await self._send(fragment=widget.fragment)

    async def unfold(self, name):
        """Open a part of the page that is made only while it is open, unless it is."""
        part = await self.there(name)
        if not self.page.widgets.values[part.id]:
            await self.set(name, True)

    async def tell(self, key, state, value):
        """What a component of our own says with setStateValue(state, value)."""
        component = await self.there(key)
        before = self.page.widgets.values.get(component.id, {})
        await self.set(key, {**before, state: value})

    async def ask_line(self, address, said):
        """What a line answers, as text, over plain HTTP as a component asks it; "" while there is nothing to say."""
        host, body = self._server.split("//", 1)[1], json.dumps(said).encode()
        name, _, port = host.partition(":")
        reader, writer = await asyncio.open_connection(name, int(port))
        head = f"POST {address} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + body)
        answer = await reader.read()
        writer.close()
        self.bytes += len(answer)
        head, _, body = answer.partition(b"\r\n\r\n")
        if int(head.split(b" ", 2)[1]) not in {200, 204}:
            self.errors.append(answer[:300].decode("utf-8", "replace"))
            return ""
        return body.decode()

    # What a visitor sees

    async def until(self, seen, seconds=SECONDS):
        """Until seen() is true, looked at after every message; returns the seconds it took. Raises NeverSeenError."""
        began = time.monotonic()
        while not seen():
            if self._reader.done():
                raise ConnectionError("; ".join(self.errors) or "The server has hung up.")
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), began + seconds - time.monotonic())
            except TimeoutError:
                raise NeverSeenError(
                    f"Nothing of the kind in {seconds:g} s; on the page: {self.page.headings}"
                ) from None
        return time.monotonic() - began

    async def there(self, name):
        """The widget with this key or label, as soon as it is on the page."""
        await self.until(lambda: self.page.find(name) is not None)
        return self.page.find(name)

    async def settle(self):
        """Until the page has been drawn to its end, where it may follow its work."""
        return await self.until(lambda: self.page.run and self.page.drawn == self.page.run)

    @property
    def query(self):
        """What the address says."""
        return (self.page.data("address") or {}).get("query", "")

    # The protocol

    async def send(self, message):
        """Any message that a browser could send."""
        await self._connection.send(message.SerializeToString())

    async def _send(self, *, query=None, name="", page=None, leaving=False, trigger=None, fragment=""):
        """Ask for a run of the page, or of a part of it."""
        message = BackMsg()
        state = message.rerun_script
        state.query_string = self.query if query is None else query
        state.page_script_hash, state.page_name = page or self.page.hash, name
        state.fragment_id = fragment
        state.cached_message_hashes.extend(self._kept)
        state.context_info.url = f"{self._server}/{name}"
        self.page.widgets.put_into(state.widget_states, self._living(leaving))
        if trigger is not None:
            state.widget_states.widgets.append(trigger)
        await self.send(message)

    def _living(self, leaving):
        """Ids of the widgets that are on the page; of the page that is being left, none."""
        shown = self.page.places.values()
        return {one.id for one in shown if one.id and not (leaving and one.script == self.page.hash)}

    async def _read(self):
        try:
            async for data in self._connection:
                self.bytes, self.messages = self.bytes + len(data), self.messages + 1
                self._take(ForwardMsg.FromString(data))
                self._changed.set()
        except Exception as problem:
            self.errors.append(repr(problem))
            raise
        finally:
            self._changed.set()

    def _take(self, message):
        if message.WhichOneof("type") == "ref_hash":
            message = self._recalled(message)
        elif message.metadata.cacheable:
            self._kept[message.hash] = message
        self.page.take(message)
        if message.WhichOneof("type") == "delta" and message.delta.new_element.HasField("exception"):
            self.errors += self.page.errors

    def _recalled(self, reference):
        """The message that is named, where the reference puts it."""
        message = ForwardMsg()
        message.CopyFrom(self._kept[reference.ref_hash])
        message.metadata.CopyFrom(reference.metadata)
        return message
