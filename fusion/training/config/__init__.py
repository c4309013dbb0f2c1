"""Configs: reading, checking for misspelt fields, fitting to a prepared dataset."""
