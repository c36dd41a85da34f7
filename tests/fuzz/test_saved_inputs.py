"""Reads every saved input of the fuzzer again: each is read or refused, and nothing breaks."""

import json
import random

import pytest

from tests.fuzz import change, saved_inputs
from tests.fuzz.readers import READERS


@pytest.mark.parametrize("name", READERS)
def test_saved_input_is_read_or_refused(name: str) -> None:
    inputs = saved_inputs.load(name)
    assert len(inputs) > len(READERS[name].seeds), "what `make fuzz` found is saved"
    for data in inputs:
        READERS[name].read(data)


@pytest.mark.parametrize("name", [name for name, reader in READERS.items() if reader.json])
def test_changed_payload_is_read_or_refused(name: str) -> None:
    reader, rng = READERS[name], random.Random(name)
    for data in saved_inputs.load(name)[:60]:
        for _time in range(5):
            made = change.changed(data, rng, reader.vocabulary)
            if made is not None:
                assert isinstance(json.loads(made), dict)
                reader.read(made)
