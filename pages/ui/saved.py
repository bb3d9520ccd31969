"""Trained networks leave and come back as files, quantum or not."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.ui import frame
from pages.ui.desk import check, desk
from pages.ui.said import plain
from qnn_core import InputError, model_file
from qnn_core.live.runs import RunJob
from qnn_core.model_file import NETWORKS, SavedModel


def download(run: RunJob, step: Callable[[], int | None]) -> None:
    """Buttons that save the run, and the fair network as it stands.

    step(): which one of the run; None for as far as it is. Asked when the button is pressed.
    """
    model, records = run.fair_model, run.fair_records
    icon = ":material/save:"
    with st.container(horizontal=True):
        frame.download("Save this network", lambda: model_file.to_bytes(run.as_run(step())), "qnn.npz", icon=icon)
        if model is not None:
            frame.download(
                "Save the fair network",
                lambda: model_file.baseline_to_bytes("fair", run.experiment, model.parameters, records),
                "fair.npz",
                icon=icon,
            )
    st.caption("Settings, weights and history in one file; page 8 and the command line can read it.")


def _take(file: Any) -> str:
    """Put the network of a file on the desk. Returns what is wrong with it, or ""."""
    try:
        model = model_file.load(file)
        check(model.experiment)
    except InputError as problem:
        return str(problem)
    desk().loaded = model
    return ""


def upload() -> SavedModel | None:
    """A place for such a file; what is wrong with a bad one is said in one sentence. It stays until it is removed."""
    own = desk()
    with st.expander("Ask a network from a file", icon=":material/upload_file:", expanded=own.loaded is not None):
        file = st.file_uploader("A file that page 6, page 7 or `train --save` wrote", type="npz", key="model_file")
        if file is not None:
            if own.choices.get("model file") != file.file_id:
                own.choices["model file"], own.choices["model trouble"] = file.file_id, _take(file)
            if own.choices["model trouble"]:
                st.error(plain(own.choices["model trouble"]))
        if own.loaded is None:
            return None
        st.markdown(f"**{NETWORKS[own.loaded.network].title}**, trained with")
        st.code(frame.as_python(own.loaded.experiment), "python", wrap_lines=True)
        st.caption("This network brings its own settings; those of the panel wait until it is removed.")
        if file is None:
            st.button("Remove it", icon=":material/delete:", on_click=setattr, args=(own, "loaded", None))
        return own.loaded
