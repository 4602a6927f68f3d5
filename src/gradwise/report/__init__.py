"""What people read: the terminal, a run's verdict, a recipe to start from. Only the command line imports it."""
