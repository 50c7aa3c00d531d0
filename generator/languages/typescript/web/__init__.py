"""What the web application of express-react is told of a plan."""
