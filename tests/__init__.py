"""The test suite; docs/writing-an-addon.md says where a test belongs."""
