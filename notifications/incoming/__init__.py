"""What operators and mail servers tell us later about a message: it arrived, it came back, something was answered."""
