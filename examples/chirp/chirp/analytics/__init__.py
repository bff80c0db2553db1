"""What the product team measures."""
