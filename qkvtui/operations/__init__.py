"""What a table of numbers can be made of others by: one module an operation."""
