"""What the generated tests of fastapi are told of a plan."""
