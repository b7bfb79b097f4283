"""Coverage: counts per neighbourhood, what must be counted anew, and the targets."""
