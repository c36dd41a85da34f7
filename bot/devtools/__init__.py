"""Writes committed files that are generated from code: reference pages, the import diagram, message catalogs."""
