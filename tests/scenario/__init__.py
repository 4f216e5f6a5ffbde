"""The story of the 102, played through the running product as its users and partners would."""
