"""Heads of real models: a sentence through a Hugging Face folder, in NumPy, as an example file."""
