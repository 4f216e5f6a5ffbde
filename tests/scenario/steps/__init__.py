"""What plays each step, in the order of the story. Importing this registers them."""

from tests.scenario.steps import (
    answers,
    arrival,
    corridor,
    demand,
    journey,
    laboratory,
    reception,
    registration,
    relief,
)

__all__ = ["answers", "arrival", "corridor", "demand", "journey", "laboratory", "reception", "registration", "relief"]
