"""What the suite costs on this machine: time and memory, measured on the real thing."""
