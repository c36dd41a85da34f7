"""What every test may count on: in CI a part that could not be tried is a failure, not a shrug."""

import os
from collections.abc import Generator

import pytest

NEEDS = "needs: "


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _refuse_skip_in_ci(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse_skip_in_ci(report)
    return report


def _refuse_skip_in_ci(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Where COP_CI is set, whatever a test `needs:` is there, so a skip for want of it is a fault."""
    if os.environ.get("COP_CI") and report.skipped and isinstance(report.longrepr, tuple):
        why = report.longrepr[2].removeprefix("Skipped: ")
        if why.startswith(NEEDS):
            report.outcome, report.longrepr = "failed", f"CI must not skip this: {why}"
