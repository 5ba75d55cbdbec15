"""Everything around the application: where it runs and how it is packaged."""
