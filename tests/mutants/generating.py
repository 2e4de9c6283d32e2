"""The faults that a slip of the hand makes, found in the syntax tree of a module."""

import ast
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parents[2]
NOT_REACHED: Final = 77
"""The status of a run of tests in which nothing imported the faulty module."""


class Mutant(NamedTuple):
    """One passage of a module and what stands there instead; offsets count bytes."""

    path: str
    line: int
    start: int
    end: int
    was: str
    text: str
    kind: str
    key: str
    """What it is called wherever it stands in its file."""

    @property
    def module(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def source(self) -> bytes:
        """Return the module with the fault in it."""
        whole = (ROOT / self.path).read_bytes()
        return whole[: self.start] + self.text.encode() + whole[self.end :]


COMPARISONS: Final = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==",
    "is not": "is", "is": "is not", "not in": "in", "in": "not in",
}  # fmt: skip
JUNCTIONS: Final = {"and": "or", "or": "and"}
SUMS: Final = {"+": "-", "-": "+"}
NAMES: Final = {"min": "max", "max": "min", "any": "all", "all": "any"}
OPERATORS: Final = re.compile(r"<=|>=|==|!=|<|>|is\s+not|not\s+in|is|in|\band\b|\bor\b|\+|-")
UNSEEN: Final = ("logger.", "log.")
"""Calls whose absence changes nothing that the product promises."""


class Source:
    """A module's bytes, and where its nodes stand in them."""

    def __init__(self, path: str) -> None:
        self.whole = (ROOT / path).read_bytes()
        self._starts = [0]
        for line in self.whole.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def begin(self, node: Any) -> int:
        return self._starts[node.lineno - 1] + node.col_offset

    def end(self, node: Any) -> int:
        return self._starts[node.end_lineno - 1] + node.end_col_offset

    def between(self, left: ast.expr, right: ast.expr) -> tuple[int, int, str]:
        """Return where the operator between two operands stands, and the operator."""
        first = self.end(left)
        found = OPERATORS.search(self.whole[first : self.begin(right)].decode())
        if found is None:
            raise ValueError(f"No operator on line {left.end_lineno}.")
        return first + found.start(), first + found.end(), " ".join(found[0].split())


def mutants_of(path: str) -> list[Mutant]:
    """Return every mutant of a module, in the order of its lines."""
    source = Source(path)
    found: list[Mutant] = []
    seen: Counter[str] = Counter()
    for node, where in _walk(ast.parse(source.whole), ""):
        changes = CHANGES.get(type(node))
        for start, end, text in changes(node, source) if changes else ():
            was = source.whole[start:end].decode()
            kind = type(node).__name__
            name = f"{path}:{where}:{kind}:{was}"
            seen[name] += 1
            key = f"{name}:{seen[name]}"
            found.append(Mutant(path, node.lineno, start, end, was, text, kind, key))
    return sorted(found, key=lambda mutant: (mutant.start, mutant.end))


def sample(paths: Iterable[str], number: int) -> list[Mutant]:
    """Return so many mutants of these modules, the same ones as long as their lines are the same.

    What is chosen follows from each mutant's own passage: a change elsewhere moves nothing.
    """
    everything = [mutant for path in paths for mutant in mutants_of(path)]
    everything.sort(key=lambda mutant: hashlib.sha256(mutant.key.encode()).digest())
    return everything[:number]


def _walk(node: ast.AST, where: str) -> Iterator[tuple[Any, str]]:
    """Yield what is executed, with the name of what it stands in; no types, no decorators."""
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return
    if isinstance(node, ast.AnnAssign):
        children: list[ast.AST | None] = [node.value]
    elif isinstance(node, ast.FunctionDef):
        defaults = [*node.args.defaults, *node.args.kw_defaults]
        children, where = [*defaults, *node.body], f"{where}.{node.name}"
    elif isinstance(node, ast.ClassDef):
        children, where = [*node.body], f"{where}.{node.name}"
    elif isinstance(node, ast.Call) and ast.unparse(node).startswith(UNSEEN):
        return
    else:
        yield node, where
        children = list(ast.iter_child_nodes(node))
    for child in children:
        if child is not None:
            yield from _walk(child, where)


type Changes = Iterator[tuple[int, int, str]]
"""Passages, each with what stands there instead."""


def _comparison(node: ast.Compare, source: Source) -> Changes:
    for left, right in pairwise([node.left, *node.comparators]):
        start, end, operator = source.between(left, right)
        yield start, end, COMPARISONS[operator]


def _junction(node: ast.BoolOp, source: Source) -> Changes:
    for left, right in pairwise(node.values):
        start, end, operator = source.between(left, right)
        yield start, end, JUNCTIONS[operator]


def _sum(node: ast.BinOp, source: Source) -> Changes:
    if isinstance(node.op, ast.Add | ast.Sub):
        start, end, operator = source.between(node.left, node.right)
        yield start, end, SUMS[operator]


def _negation(node: ast.UnaryOp, source: Source) -> Changes:
    if isinstance(node.op, ast.Not):
        yield source.begin(node), source.begin(node) + len("not "), ""


def _constant(node: ast.Constant, source: Source) -> Changes:
    if isinstance(node.value, bool):
        yield source.begin(node), source.end(node), str(not node.value)
    elif isinstance(node.value, int):
        yield source.begin(node), source.end(node), str(node.value + 1)


def _refusal(node: ast.Raise, source: Source) -> Changes:
    yield source.begin(node), source.end(node), "pass"


def _statement(node: ast.Expr, source: Source) -> Changes:
    if isinstance(node.value, ast.Call) and not ast.unparse(node).startswith(UNSEEN):
        yield source.begin(node), source.end(node), "pass"


def _name(node: ast.Name, source: Source) -> Changes:
    if node.id in NAMES:
        yield source.begin(node), source.end(node), NAMES[node.id]


def _condition(node: ast.Call, source: Source) -> Changes:
    if isinstance(node.func, ast.Attribute) and node.func.attr in {"filter", "exclude"}:
        yield source.end(node.func.value), source.end(node), ""


CHANGES: Final[dict[type, Callable[[Any, Source], Changes]]] = {
    ast.Compare: _comparison,
    ast.BoolOp: _junction,
    ast.BinOp: _sum,
    ast.UnaryOp: _negation,
    ast.Constant: _constant,
    ast.Raise: _refusal,
    ast.Expr: _statement,
    ast.Name: _name,
    ast.Call: _condition,
}
"""What a slip of the hand makes of each kind of node."""
