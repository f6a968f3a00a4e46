"""Before spending: all that is shown of an order before it costs money."""
