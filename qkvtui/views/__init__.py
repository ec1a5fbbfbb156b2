"""A trace as rich renderables, drawn alike by print mode and by the application. No Console and no Textual here."""
