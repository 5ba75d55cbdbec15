"""How fast and how frugal one machine is, beside the peer: see `__main__`."""
