"""Papers: what they look like, and the press that prints them in a process of its own."""
