"""What runs while people sleep."""
