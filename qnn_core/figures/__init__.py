"""Data → plotly Figure: pure functions, no streamlit."""
