"""Protocols: HTTP routes, socket frames, the event stream, tokens. No business of its own."""
