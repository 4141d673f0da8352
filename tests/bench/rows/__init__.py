"""The rows of the bench, a module for each part of the portal."""
