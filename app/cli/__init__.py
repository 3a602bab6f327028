"""The command line, beside the pages."""
