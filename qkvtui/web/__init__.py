"""The application in browsers: one server, and a process of its own for each visitor."""
