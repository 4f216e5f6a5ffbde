"""What only a container needs."""
