"""Stand-ins for the workers: tasks that run at once, tasks that never end, and a clock."""

from concurrent.futures import Future


class Inline:
    """Runs a task at once, for every visitor. error: what tasks of the function `name` end with instead, `times`
    of them after the first `after`. calls: (name of the function, arguments), asked: by which visitor."""

    def __init__(self, error=None, name="run_slice", after=0, times=10**9):
        self.error, self.name, self.after, self.times = error, name, after, times
        self.calls, self.asked = [], []

    def of(self, visitor, *, background=False):
        self.asked.append(visitor)
        return self

    def place(self, future):
        return 0

    def submit(self, fn, /, *args):
        future = Future()
        seen = sum(name == fn.__name__ for name, _ in self.calls)
        self.calls.append((fn.__name__, args))
        if self.error and fn.__name__ == self.name and self.after <= seen < self.after + self.times:
            future.set_exception(self.error)
            return future
        try:
            future.set_result(fn(*args))
        except Exception as error:
            future.set_exception(error)
        return future

    def steps_asked(self):
        """How many steps each slice was allowed to take."""
        return [args[2] for name, args in self.calls if name == "run_slice"]


class ByHand:
    """Takes tasks; `run` runs the one that has waited longest. waiting: tasks wait for their turn.

    behind: the functions whose tasks let films go first.
    """

    def __init__(self, waiting=False):
        self.tasks, self.asked, self.waiting = [], [], waiting
        self.background, self.behind = False, set()

    def of(self, visitor, *, background=False):
        self.asked.append(visitor)
        self.background = background
        return self

    def place(self, future):
        waiting = [task[0] for task in self.tasks]
        return waiting.index(future) + 1 if self.waiting and future in waiting else 0

    def submit(self, fn, /, *args):
        future = Future()
        self.tasks.append((future, fn, args))
        if self.background:
            self.behind.add(fn.__name__)
        return future

    def run(self, error=None):
        future, fn, args = self.tasks.pop(0)
        if future.cancelled():
            return
        if error:
            future.set_exception(error)
        else:
            future.set_result(fn(*args))


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now
