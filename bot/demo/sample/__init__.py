"""The sample trust that the demo and the tests use: wholly invented, but written as real documents are."""

from pathlib import Path

TRUST_FILE = Path(__file__).parent / "trust.yaml"
LIBRARY = Path(__file__).parent / "library"
