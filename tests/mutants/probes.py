"""Probes: a call in front of each statement of a package's functions, which notes that the statement ran.

One call for each statement of one package costs little. Tracing would cost one for each call of everything.
"""

import ast
import builtins
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType

NAME = "__ran__"

# A file, and the line where one of its statements begins.
Place = tuple[str, int]

_ran = set[Place]()


def taken() -> set[Place]:
    """Return where statements ran since this was last called."""
    places = set(_ran)
    _ran.clear()
    return places


def statement_at(source: str, line: int) -> int:
    """Return the first line of the innermost statement that this line belongs to."""
    statements = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt)]
    around = [node for node in statements if node.lineno <= line <= (node.end_lineno or node.lineno)]
    return max((node.lineno for node in around), default=line)


class _Probed(ast.NodeTransformer):
    def __init__(self, path: str) -> None:
        self._path, self._depth = path, 0

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node)

    def _function(self, node: ast.AST) -> ast.AST:
        self._depth += 1
        self.generic_visit(node)
        self._depth -= 1
        return node

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if self._depth and isinstance(block, list):
                setattr(node, name, [each for statement in block for each in (*self._probe(statement), statement)])
        return node

    def _probe(self, statement: ast.stmt) -> list[ast.stmt]:
        # A text that stands alone may be a docstring, which has to come first.
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            return []
        place = ast.Tuple([ast.Constant(self._path), ast.Constant(statement.lineno)], ast.Load())
        call = ast.Expr(ast.Call(ast.Name(NAME, ast.Load()), [place], []))
        return [ast.fix_missing_locations(ast.copy_location(call, statement))]


class _Loader(SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        tree = ast.parse(Path(self.path).read_bytes())
        return compile(_Probed(self.path).visit(tree), self.path, "exec", dont_inherit=True)


class ProbingFinder(MetaPathFinder):
    """Imports the modules of one package with probes."""

    def __init__(self, package: str) -> None:
        self._names = {module(path): path.resolve() for path in Path(package).rglob("*.py")}
        setattr(builtins, NAME, _ran.add)

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        if file := self._names.get(fullname):
            return spec_from_file_location(fullname, file, loader=_Loader(fullname, str(file)))
        return None


def module(path: str | Path) -> str:
    return str(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
