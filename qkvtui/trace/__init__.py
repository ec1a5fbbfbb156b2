"""An example computed: ordered steps, addresses, cells and their terms, and whom a query attends to."""
