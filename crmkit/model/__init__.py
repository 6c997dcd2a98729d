"""Values of the domain: frozen, checked where they are made, knowing no file and no clock."""
