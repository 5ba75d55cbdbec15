"""Open sockets: tickets, connections, topics, and sending to whoever listens.

Knows topics, not privacy: the module that owns a fact picks its audience.
"""
