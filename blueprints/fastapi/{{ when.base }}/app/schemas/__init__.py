"""What goes in and out, one module for each resource."""
