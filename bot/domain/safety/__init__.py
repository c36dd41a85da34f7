"""What a person may not want to send to others: details of a minor, and words of harm. Pure; nothing is stored."""
