"""Python of the stack fastapi, from a resolved plan."""
