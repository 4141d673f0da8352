"""Outgoing webhooks (推送): subscribed, announced in the act's transaction, delivered by a task, signed."""
