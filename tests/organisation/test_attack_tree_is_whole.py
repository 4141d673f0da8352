"""Each leaf of the attack tree in docs/security.md has a test of its number, and each such test a leaf."""
import re
from pathlib import Path

FOLDER = Path(__file__).parent
SECURITY = FOLDER.parents[1] / "docs/security.md"


def test_every_leaf_has_one_test_and_every_test_a_leaf():
    leaves = re.findall(r"^\| ([A-E]\d+) \|", SECURITY.read_text(), re.MULTILINE)
    tests = [
        name.upper() for file in FOLDER.glob("test_attack_tree_*.py")
        for name in re.findall(r"^def test_([a-e]\d+)_", file.read_text(), re.MULTILINE)
    ]
    assert len(leaves) == len(set(leaves)) and len(tests) == len(set(tests))
    assert set(leaves) == set(tests), set(leaves) ^ set(tests)
