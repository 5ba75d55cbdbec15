"""Browser tests: real Chromium against a whole machine."""
