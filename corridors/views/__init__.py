"""Pages of crossings, requirements and transit corridors: they read; publishing is a page of the floor above."""
