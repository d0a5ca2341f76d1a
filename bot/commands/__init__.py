"""The commands of `uakil`, one file each."""
