"""What the user has set and what the application remembers: two files, each in its place, neither needed."""
