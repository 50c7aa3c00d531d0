"""TypeScript of the stack express-react, from a resolved plan."""
