"""Endpoints, one module for each resource."""
