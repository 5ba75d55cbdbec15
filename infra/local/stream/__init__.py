"""The outbox's stream to `consume_outbox`, as Lambda's event source mapping brings it."""
