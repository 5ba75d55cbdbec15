"""The tenant: its name, its widget's key and looks, how identities are proved, its settings."""
