"""Visitors: who is on the site now. Nothing durable: who writes becomes a contact."""
