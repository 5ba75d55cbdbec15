"""Everything the machine serves as files or pages of its own."""
