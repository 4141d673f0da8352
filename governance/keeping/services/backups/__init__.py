"""Backups (备份): made while the portal runs, encrypted, tried by restoring, kept for as long as is set, restored."""
