"""Packs: what a company can be set up with in one step, seen before it is done and taken back as one."""
