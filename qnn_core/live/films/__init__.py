"""The films of the lesson: a training run, a threshold that slides, a dial that turns, noise that grows."""
