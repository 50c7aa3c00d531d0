"""What a plan means: a frozen model in which every name is settled and every expression is checked."""
