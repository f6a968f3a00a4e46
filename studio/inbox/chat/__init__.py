"""Chat webhooks: events posted to a team's Slack, Mattermost or whatever takes the same JSON."""
