"""The demo workspace and its shop, for a first look."""
