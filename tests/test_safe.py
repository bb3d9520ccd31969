"""Nothing that comes from outside is executed, and what it says reaches a page only as plain text."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted([ROOT / "app.py", *ROOT.glob("pages/**/*.py"), *ROOT.glob("qnn_core/**/*.py")])
DANGEROUS_MODULES = {
    "pickle",
    "cPickle",
    "_pickle",
    "cloudpickle",
    "dill",
    "shelve",
    "marshal",
    "joblib",
    "code",
    "pty",
}
DANGEROUS_CALLS = {"eval", "exec", "compile", "__import__", "execfile"}
DANGEROUS_METHODS = {"system", "popen", "unsafe_load", "read_pickle"}
DANGEROUS_OPTIONS = {"allow_pickle", "shell", "unsafe_allow_html", "unsafe_allow_javascript"}
MARKDOWN = {"markdown", "caption", "warning", "error", "info", "success", "toast", "header", "subheader", "write"}
FOREIGN = {"problem", "refusal", "error", "note", "message", "why", "says", "news", "problems"}
"""How the pages call a sentence that may repeat what somebody else wrote."""


def calls(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def name_of(call):
    """The last part of what is called: markdown of st.markdown."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def dangers(source):
    """What in a file could run what it reads."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from {alias.name.split(".")[0] for alias in node.names} & DANGEROUS_MODULES
        if isinstance(node, ast.ImportFrom):
            yield from {str(node.module).split(".")[0]} & DANGEROUS_MODULES
    for call in calls(tree):
        if isinstance(call.func, ast.Name):
            yield from {call.func.id} & DANGEROUS_CALLS
        else:
            yield from {name_of(call)} & DANGEROUS_METHODS
        for option in call.keywords:
            value = getattr(option.value, "value", None)
            if (
                option.arg in {"allow_pickle", "shell", "unsafe_allow_html", "unsafe_allow_javascript"}
                and value is not False
            ):
                yield option.arg


def unescaped(source):
    """Names of foreign sentences that are handed to Markdown and not to plain() before."""
    for call in calls(ast.parse(source)):
        if name_of(call) in MARKDOWN and isinstance(call.func, ast.Attribute) and "log" not in ast.unparse(call.func):
            for argument in call.args:
                yield from _foreign(argument)


def _foreign(node):
    if isinstance(node, ast.Call) and name_of(node) == "plain":
        return
    if isinstance(node, ast.Name | ast.Attribute):
        name = node.id if isinstance(node, ast.Name) else node.attr
        if name in FOREIGN:
            yield name
    for child in ast.iter_child_nodes(node):
        yield from _foreign(child)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_nothing_is_executed(file):
    assert list(dangers(file.read_text("utf-8"))) == []


@pytest.mark.parametrize("file", sorted(ROOT.glob("pages/**/*.py")), ids=lambda file: str(file.relative_to(ROOT)))
def test_foreign_words_are_made_plain(file):
    assert list(unescaped(file.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from pickle import loads",
        "import joblib as j",
        "eval('1')",
        "exec(code)",
        "np.load(file, allow_pickle=True)",
        "subprocess.run(text, shell=shell)",
        "st.markdown(text, unsafe_allow_html=True)",
        "os.system(text)",
        "pd.read_pickle(file)",
    ],
)
def test_a_danger_is_seen(source):
    assert list(dangers(source))


@pytest.mark.parametrize(
    "source",
    ["st.warning(str(problem))", "st.error(f'{own.refused.why} x')", "st.sidebar.caption('; '.join(problems))"],
)
def test_what_is_not_plain_is_seen(source):
    assert list(unescaped(source))
