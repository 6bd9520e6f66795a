"""Tests of workflows: definition, arguments, engine, buttons."""
