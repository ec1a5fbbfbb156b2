"""The application without a screen: each step as sentences, one command a line."""
