"""Pictures for shots that have none, drawn from the prompt's words."""
