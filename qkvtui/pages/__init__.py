"""A trace at a place as pages of plain data: tables, the worked cell, sentences. What is hidden is hidden here."""
