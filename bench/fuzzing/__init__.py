"""What `make fuzz` is made of: inputs, the properties they are tried on, and the run that counts them."""
