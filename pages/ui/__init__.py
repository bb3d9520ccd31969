"""Everything that imports streamlit: controls, training panel, drawing pad, cached wrappers, theme."""
