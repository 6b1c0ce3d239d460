"""Foreign bytes become checked values, or a reason that names what is wrong."""
