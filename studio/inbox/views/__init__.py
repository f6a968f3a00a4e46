"""The inbox's pages: notices, preferences, ending e-mails, chat webhooks."""
