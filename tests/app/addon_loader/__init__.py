"""Tests of the add-on loader: manifests, contributions, releases, switching."""
