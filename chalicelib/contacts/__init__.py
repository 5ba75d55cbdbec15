"""Contacts: the durable customer record, and who a visitor proves to be."""
