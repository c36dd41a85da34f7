"""Half-finished forms, for `data show`: they belong to no one feature."""

import json
from typing import Any

from bot.core.context import Context
from bot.core.routes import Writing
from bot.features.personal_data.feature import feature
from bot.i18n import gettext_noop as N_
from storage.operations import drafts
from storage.operations.drafts import Draft
from storage.privacy import quotes


def _shown(ctx: Context, row: Draft) -> str:
    """Return what was typed: of a form, what its fields hold."""
    body = _read(row.body)
    form = body.get("form") if isinstance(body, dict) else None
    fields = form.get("fields", ()) if isinstance(form, dict) else ()
    typed = [str(field["initial"]) for field in fields if isinstance(field.get("initial"), str) and field["initial"]]
    return "\n".join(typed or quotes.strings(body))


def _read(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body


feature.writing(
    "draft",
    Writing(
        N_("Half-finished forms"),
        Draft,
        {},
        "at",
        shown=_shown,
        readers=N_("only you"),
        is_written=lambda row: not drafts.is_answer(row),
    ),
)
