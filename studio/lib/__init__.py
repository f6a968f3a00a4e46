"""What every app needs and no app owns: typed requests, answers for htmx, signing. No models."""
