"""Conversations: messages between a customer and the team, and what becomes of them."""
