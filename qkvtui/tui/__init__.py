"""The terminal application (Textual). Draws with the views of print mode."""
