"""Bad input ends in one sentence that says what is wrong and what to do."""


class InputError(ValueError):
    """Something the user gave cannot be used; the message is one sentence, ready to show."""
