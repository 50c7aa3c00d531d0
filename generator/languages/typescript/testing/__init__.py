"""What the generated tests of express-react are told of a plan."""
