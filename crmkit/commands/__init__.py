"""Parse the words of the command line, call one workflow, show one report."""
