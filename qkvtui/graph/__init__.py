"""What attention does, as one ordered list of operations; and the way back, which follows from it."""
