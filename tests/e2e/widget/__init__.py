"""The widget on somebody else's page."""
