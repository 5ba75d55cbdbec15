"""The widget's front door: its session brings together what other modules know."""
