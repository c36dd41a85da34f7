"""What members share, and the index that finds it again."""
