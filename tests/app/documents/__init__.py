"""Tests of the registry of documents, their links, comments and activity."""
