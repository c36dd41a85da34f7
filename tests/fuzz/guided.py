"""Fuzzes one reader, guided by the code that each input reaches: `python -m tests.fuzz.guided phrase 60` (seconds)."""

import sys
import traceback
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from types import TracebackType

import structlog

# `make fuzz` fetches it, and nothing else needs it.
atheris = import_module("atheris")
with atheris.instrument_imports(include=["bot", "adapters", "storage", "icalendar"]):
    from tests.fuzz import change
    from tests.fuzz.readers import READERS
    from tests.fuzz.smallest import OURS

BUILD = Path("build/fuzz")
# The most that one input may take.
TOO_LONG_S = 10


def fuzz_one(name: str, seconds: int) -> None:
    reader, folder = READERS[name], BUILD / name
    vocabulary = folder / "vocabulary"
    vocabulary.write_text("".join(f'"{_escaped(word)}"\n' for word in reader.vocabulary))
    seen: set[str] = set()

    def test(data: bytes) -> None:
        try:
            reader.read(data)
        except Exception as fault:
            where = _where(fault)
            if where not in seen:
                seen.add(where)
                _save_fault(folder / "faults", data, where, fault)

    options = [
        f"-max_total_time={seconds}",
        f"-timeout={TOO_LONG_S}",
        f"-max_len={reader.max_bytes}",
        f"-artifact_prefix={folder}/faults/",
        *([] if reader.json else [f"-dict={vocabulary}"]),
        "-rss_limit_mb=3000",
        "-print_final_stats=1",
        "-verbosity=0",
        str(folder / "corpus"),
    ]
    more = (
        {"custom_mutator": change.mutator([seed.encode() for seed in reader.seeds], reader.vocabulary)}
        if reader.json
        else {}
    )
    atheris.Setup([name, *options], test, **more)
    atheris.Fuzz()


def _escaped(word: str) -> str:
    return "".join(chr(b) if 32 <= b < 127 and chr(b) not in '"\\' else f"\\x{b:02x}" for b in word.encode())


def _where(fault: BaseException) -> str:
    """Return the exception's type and our last line in its traceback, which together identify a fault."""
    last, at = "", fault.__traceback__
    while at:
        if at.tb_frame.f_code.co_filename.startswith(OURS):
            last = _line(at)
        at = at.tb_next
    return f"{type(fault).__name__} {last or _line(fault.__traceback__)}"


def _line(at: TracebackType | None) -> str:
    return f"{Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno}" if at else ""


def _save_fault(folder: Path, data: bytes, where: str, fault: BaseException) -> None:
    name = sha256(where.encode()).hexdigest()[:12]
    (folder / f"{name}.input").write_bytes(data)
    (folder / f"{name}.txt").write_text(f"{where}\n{data!r}\n\n{''.join(traceback.format_exception(fault))}")


if __name__ == "__main__":
    # Readers would log refusals a thousand times a second.
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    fuzz_one(sys.argv[1], int(sys.argv[2]))
