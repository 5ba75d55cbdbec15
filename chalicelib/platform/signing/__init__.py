"""The keys that tokens and cursors are signed with, and the root secrets they come from."""
