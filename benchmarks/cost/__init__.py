"""What the app costs by AWS's list prices: standing still, and by the million."""
