"""What somebody else wrote (in the address, in a file) is shown as text, never as Markdown or HTML."""

import re

MARKS = re.compile(r"[\\`*_\[\]<>$~&#|]")
"""What Markdown would read as more than a character."""
JOINTS = re.compile(r"(?<=[:@])(?=\S)|(?<=www)(?=\.)|(?<=\S)(?=@)", re.IGNORECASE)
"""Inside web and mail addresses, :icons: and :smileys:, which are looked for even where a backslash stands."""
JOINER = "\N{WORD JOINER}"


def plain(text: object) -> str:
    """Markdown that shows exactly this text, in one line; for all that comes from outside, and every refusal."""
    one_line = " ".join(str(text).split())
    return JOINTS.sub(JOINER, MARKS.sub(r"\\\g<0>", one_line))
