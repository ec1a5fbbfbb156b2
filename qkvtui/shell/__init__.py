"""What a shell, a manual and a report of a bug ask of the program itself."""
