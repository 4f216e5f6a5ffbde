"""What the API shows and takes of groups and people."""
