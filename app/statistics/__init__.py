"""Dual track (双轨制): during a trial, reports made by hand are compared with those made by the system (S:CORE-23)."""
