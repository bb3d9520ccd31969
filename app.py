"""The dashboard: `streamlit run app.py`."""

SIDEBAR = 272
"""Width of the menu in pixels, where there is room for it."""


def main() -> None:
    """Page config and navigation, nothing else."""
    # Imported here: a spawned worker reads this file too, and needs none of it.
    import streamlit as st

    from pages.ui.brush import BRUSH
    from pages.ui.menu import menu

    st.set_page_config("QNN classroom", "🎓", layout="wide", initial_sidebar_state=SIDEBAR)
    page = st.navigation(menu(), expanded=True)
    with BRUSH.drawing():
        page.run()


# Streamlit runs this file for every visitor, and imports it once as `app` for what stands before the lesson.
# A spawned worker imports it under a third name, and needs neither.
if __name__ == "__main__":
    main()
elif __name__ == "app":
    from streamlit.starlette import App

    from pages.ui.server import OPTIONS

    app = App("app.py", **OPTIONS)
