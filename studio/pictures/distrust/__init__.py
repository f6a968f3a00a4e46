"""What checks and redraws files from outside, in a child process."""
