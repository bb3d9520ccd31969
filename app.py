"""The dashboard: `streamlit run app.py`."""


def main() -> None:
    """Page config and navigation, nothing else."""
    # Imported here: a spawned worker reads this file too, and needs none of it.
    import streamlit as st

    from pages import PAGES
    from pages.ui.brush import BRUSH

    st.set_page_config("QNN classroom", "🎓", layout="wide")
    pages = [
        st.Page(f"pages/{name}.py", title=title, icon=icon, default=name == "0_start")
        for name, (title, icon) in PAGES.items()
    ]
    page = st.navigation(pages, expanded=True)
    with BRUSH.drawing():
        page.run()


# A spawned worker imports this file again, under another name.
if __name__ == "__main__":
    main()
