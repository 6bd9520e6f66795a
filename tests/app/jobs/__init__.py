"""Tests of jobs, schedules and the way to a worker."""
