"""Hostile text in every place that takes text: refused where it stands, or it means itself everywhere."""
