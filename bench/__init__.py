"""Benchmarks: `bin/bench` measures ours against a bare limit in the same run, on a seeded world of its own.

`bench/people.py` and `bench/world.py` make the world, `bench/faces.py` asks pages of it, `bench/rounds.py` alternates and
compares, and each other module is one benchmark. `bench/catalogue.py` lists them.
"""
