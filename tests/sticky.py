"""A proxy that sends each visitor always to the same of several servers, as `ip_hash` of nginx does."""

import asyncio
import threading
from contextlib import contextmanager
from ipaddress import ip_address


@contextmanager
def sticky(*ports):
    """The address of a proxy before servers at these ports of this machine; chosen by the visitor's IP address."""
    loop, ready = asyncio.new_event_loop(), threading.Event()
    found = {}

    async def serve():
        server = await asyncio.start_server(visit, "127.0.0.1", 0)
        found["port"] = server.sockets[0].getsockname()[1]
        ready.set()

    async def visit(reader, writer):
        source = ip_address(writer.get_extra_info("peername")[0])
        onward = await asyncio.open_connection("127.0.0.1", ports[int(source) % len(ports)])
        await asyncio.gather(carry(reader, onward[1]), carry(onward[0], writer))

    async def carry(reader, writer):
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    def run():
        loop.create_task(serve())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait(10)
    yield f"http://127.0.0.1:{found['port']}"
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
