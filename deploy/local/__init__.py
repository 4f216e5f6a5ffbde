"""The embedded default: the real servers, from Python wheels, in one folder of the checkout.

`bin/run`, `bin/manage` and `bin/test` start here. Production does not: it takes its addresses from the environment.
"""
