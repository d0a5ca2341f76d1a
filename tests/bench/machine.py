"""The long run of the state machine: other random acts every time, so that a rare sequence is found some day."""

import os
import subprocess
import sys


def report() -> None:
    """Run it on both databases and print what pytest says. Raises CalledProcessError where a law is broken."""
    print("\nRandom acts around a meeting, the long run")
    sys.stdout.flush()
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "tests/liaison/test_machine.py"]
    subprocess.run(command, env={**os.environ, "UAKIL_MACHINE": "long"}, check=True)
