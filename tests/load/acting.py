"""What students do: they play and drag films, draw, turn pages and move thresholds; each notes how long it waited."""

import asyncio
import json
import time
from collections import defaultdict
from contextlib import suppress
from functools import lru_cache
from random import Random

from tests.load.client import NeverSeenError, Session

TRAINING, THRESHOLD = "training_film", "threshold_film"
QUICK, SLOW = "engine=contraction", "engine=aer"
TICK = 1 / 60
"""Seconds between two points of the pen."""
LEAST, LONGEST, REST = 0.06, 0.5, 3
"""Seconds from an answer to the pen's next question, as pad.js has it: so many times what the answer took."""
FILM_LEAST, FILM_LONGEST, FILM_REST, ALONE = 0.06, 0.4, 2, 0.5
"""The same of a film that is played, as player.js has it; so long after Play its line is asked alone."""
SOON = 0.6
"""So long after the last stroke the page gets the drawing, as pad.js has it."""
PEN = 22
THRESHOLDS = ("contradictions", "encode")
DEFAULTS = (48, 0.5)
"""The last step and the usual threshold, of which the address does not speak."""
CLICK, MOVED, VERDICT = "click → page", "Play → first movement", "pen lifted → verdict"
FOLLOWS = "pen moves → needle"
REDRAWN = "drawing finished → page drawn anew"
GAP = "between two movements of a film that is computed"


# A class has the same films, and looks at them after every message.
_read = lru_cache(maxsize=64)(json.loads)


class Notes:
    """waits: what was waited for → seconds, each time. errors: what went wrong, in words."""

    def __init__(self):
        self.waits, self.errors = defaultdict(list), []


class Student:
    """Somebody with one tab. session: the tab; notes: shared by the class; dice: decides, the same on every run."""

    def __init__(self, session, notes, seed):
        self.session, self.notes, self.dice = session, notes, Random(seed)
        self.presses, self.ink, self.number = 0, [], 0

    @property
    def film(self):
        """The training's."""
        return self.film_of(TRAINING)

    def film_of(self, key):
        """What the player with this key shows."""
        return _read(self.session.page.data(key)["film"])

    async def pause(self, least, most):
        """Look, think, find the mouse."""
        await asyncio.sleep(self.dice.uniform(least, most))

    async def tell_film(self, key, state, **words):
        """What the player would send, with the film that it has got."""
        self.presses += 1
        name = self.film_of(key)["name"]
        await self.session.tell(key, state, {"film": name, "press": self.presses, **words})

    async def turn_to(self, name):
        """Another page, until it has been drawn to its end."""
        page, began = self.session.page, time.monotonic()
        wanted, runs = page.pages[name], page.runs
        await self.session.go(name)
        await self.session.until(lambda: page.runs > runs and page.hash == wanted and page.drawn == page.run)
        self.notes.waits[CLICK].append(time.monotonic() - began)
        self.notes.waits[f"{CLICK} {name or 'start'}"].append(time.monotonic() - began)

    async def choose(self, name, value, said):
        """Move a control of the Experiment until the address says so and the page stands. said: name=value."""
        began, page = time.monotonic(), self.session.page
        await self.session.set(name, value)
        await self.session.until(lambda: said in self.session.query.split("&") and page.drawn == page.run)
        self.notes.waits[CLICK].append(time.monotonic() - began)

    async def play(self):
        """Press Play, and look at the film from movement to movement, to its end."""
        asking = asyncio.create_task(self.follow_film())
        await asyncio.wait([asking], timeout=ALONE)
        await self.tell_film(TRAINING, "wants", play=True)
        await asking
        last = self.film["total"]
        await self.session.until(lambda: self.film["positions"][-1] == last)

    async def follow_film(self):
        """What the film's line says, again and again until it has all frames."""
        film, line, kind, begin = self.film, self.session.page.data(TRAINING)["line"], MOVED, True
        moved = time.monotonic()
        while film["positions"][-1] < film["total"]:
            began = time.monotonic()
            wish = {"film": film["name"], "after": film["positions"][-1], "begin": begin}
            text, begin = await self.session.ask_line(line, wish), False
            now = time.monotonic()
            if text:
                self.notes.waits[kind].append(now - moved)
                film, moved, kind = _read(text), now, GAP
                await asyncio.sleep(min(max(FILM_REST * (now - began), FILM_LEAST), FILM_LONGEST))
            elif self.session.errors:
                raise NeverSeenError(f"The film's line has ended: {self.session.errors[-1]}")

    async def drag(self, key, name):
        """Drag a film somewhere; the server hears where it comes to rest. name: what the address calls its number."""
        positions = self.film_of(key)["positions"]
        places = [k for k, place in enumerate(positions) if k > 0 and place not in DEFAULTS]
        if not places:
            return  # a run that has only begun, or another one that has taken its place
        frame = self.dice.choice(places)
        began = time.monotonic()
        line, rest = self.session.page.data(key)["line"], {"frame": frame, "position": positions[frame]}
        said = f"{name}={positions[frame]:g}"
        if line is None:
            await self.tell_film(key, "rest", **rest)
            await self.session.until(lambda: said in self.session.query.split("&"))
        else:
            answer = await self.session.ask_line(line, {"film": self.film_of(key)["name"], **rest})
            assert said in json.loads(answer)["query"].split("&")
        self.notes.waits["drag → at rest"].append(time.monotonic() - began)

    async def stroke(self):
        """A stroke of a second, which needle and sentence follow up to its end."""
        points, lifted = [], asyncio.Event()
        self.ink.append({"width": PEN, "points": points})
        following = asyncio.create_task(self.follow_pen(lifted))
        x, y, dx, dy = (self.dice.uniform(*ends) for ends in ((80, 200), (40, 120), (-1, 1), (0.5, 2)))
        began = time.monotonic()
        while time.monotonic() - began < 1:
            points += [round(x, 1), round(y, 1)]
            x, y = x + dx, y + dy
            await asyncio.sleep(TICK)
        self.number += 1
        lifted.set()
        ended = time.monotonic()
        await following
        self.notes.waits[VERDICT].append(time.monotonic() - ended)

    async def follow_pen(self, lifted):
        """What the pen's line says of the drawing, again and again, and at last of the finished one."""
        line, done = self.session.page.data("pad")["line"], False
        while not done:
            began, done = time.monotonic(), lifted.is_set()
            await self.session.ask_line(line, {**self.drawing(), "lifted": done})
            took = time.monotonic() - began
            if not done:
                self.notes.waits[FOLLOWS].append(took)
                with suppress(TimeoutError):
                    await asyncio.wait_for(lifted.wait(), min(max(REST * took, LEAST), LONGEST))

    async def rest_pen(self, least, most):
        """Nothing is drawn for a while; the page gets the drawing if that is long."""
        rest = self.dice.uniform(least, most)
        if rest <= SOON:
            return await asyncio.sleep(rest)
        await asyncio.sleep(SOON)
        told, tab = time.monotonic(), self.session
        await tab.tell("pad", "drawing", self.drawing())
        await tab.until(lambda: tab.page.data("needle")["number"] >= self.number)
        self.notes.waits[REDRAWN].append(time.monotonic() - told)
        await asyncio.sleep(max(0.0, rest - (time.monotonic() - told)))

    def drawing(self):
        """The drawing as it is now, as the pad writes it."""
        strokes = [{**stroke, "points": list(stroke["points"])} for stroke in self.ink if stroke["points"]]
        return {"number": self.number, "pen": "normal", "strokes": strokes}


async def plays(student):
    """Plays a run, drags it here and there, takes the next seed."""
    await student.session.unfold("Training")
    while True:
        await student.pause(1, 3)
        await student.play()
        for _ in range(3):
            await student.pause(1, 3)
            await student.drag(TRAINING, "position")
        seed = student.dice.randrange(1, 10**6)
        await student.choose("seed", seed, f"seed={seed}")


async def draws(student):
    """Draws digits of three strokes, one after the other, and clears the pad."""
    student.number = student.session.page.data("pad")["number"]
    while True:
        student.ink = []
        for _ in range(3):
            if student.ink:
                await student.rest_pen(0.3, 1)
            await student.stroke()
        await student.rest_pen(2, 4)


async def wanders(student):
    """Turns pages, and moves the threshold where there is one."""
    while True:
        await student.pause(1, 3)
        name = student.dice.choice(list(student.session.page.pages))
        await student.turn_to(name)
        for _ in range(3 if name in THRESHOLDS else 0):
            await student.pause(0.5, 2)
            await student.drag(THRESHOLD, "threshold")


async def teaches(student):
    """Compares all models on page 7, with more seeds again and again, and looks at what comes."""
    seeds = 0
    while True:
        seeds = seeds % 300 + 10
        await student.session.set("compare_seeds", seeds)
        await student.pause(5, 15)


TEACHER = (teaches, "compare")
ROLES = {"plays": (plays, "train"), "draws": (draws, "draw"), "wanders": (wanders, "contradictions")}
"""What a student may do, and the page on which it begins."""


async def take_part(server, role, seed, notes, seconds, engine=QUICK):
    """One student for so long, or the teacher; returns the session, closed.

    seed: of the student's dice. engine: what the address says of it.
    """
    act, page = {**ROLES, "teaches": TEACHER}[role]
    session = await Session.connected(server)

    async def lesson():
        # A class begins with the same settings; who plays takes a seed of its own for every further run.
        await session.begin(f"{page}?{engine}")
        await act(Student(session, notes, seed))

    acting = asyncio.create_task(lesson())
    await asyncio.wait([acting], timeout=seconds)
    if acting.done():  # nobody leaves before the end of a lesson
        notes.errors.append(f"{role} {seed}: {acting.exception()!r}")
    # Python 3.11 may forget that a task was told to end, if what it waited for came in the same moment.
    while not acting.done():
        acting.cancel()
        await asyncio.wait([acting], timeout=1)
    await session.close()
    notes.errors += session.errors
    return session
