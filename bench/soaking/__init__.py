"""What `make soak` is made of: faults of every kind, and what has to be there after each of them."""
