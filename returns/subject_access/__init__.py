"""What is held about a person, for that person: readable as PDF or as JSON, in the person's language (principle 7)."""
