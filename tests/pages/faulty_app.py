"""A dashboard whose only page fails."""

if __name__ == "__main__":
    raise RuntimeError("the secret word is swordfish")
if __name__ == "faulty_app":
    from streamlit.starlette import App

    from pages.ui.server import OPTIONS

    app = App("faulty_app.py", **OPTIONS)
