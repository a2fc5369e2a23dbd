"""A list of work by state: a lane for each open state, its cards, and the verbs that move them."""
