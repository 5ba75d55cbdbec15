"""Pure Python that every other package may use: no network, no AWS, no clock of its own."""
