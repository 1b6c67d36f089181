"""What the commands do: the parts of the house, put together."""
