"""The API under random questions made from its own description: no 500, no hang, no leak, nothing it does not declare."""

from __future__ import annotations

import time
from typing import Any

import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import checks

from tests.console.conftest import ADDRESS
from tocsin.console import make_app
from tocsin.console.access import Access
from tocsin.node import Node

_SECONDS = 60.0
many = settings(
    max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True
)


def test_random_questions(starter: Node) -> None:
    access = Access()
    starter.index.refresh()
    headers = {"Authorization": f"Bearer {access.token}"}
    schema = schemathesis.openapi.from_asgi(
        "/api/v1/openapi.json", make_app(starter, access), headers={**headers, "Host": "127.0.0.1"}
    )
    answered: dict[int, int] = {}
    for result in schema.get_all_operations():
        operation = result.ok()  # type: ignore[union-attr]

        @many
        @given(operation.as_strategy())
        def ask(case: schemathesis.Case[Any]) -> None:
            begin = time.perf_counter()
            answer = case.call(headers=headers, base_url=ADDRESS)
            assert time.perf_counter() - begin < _SECONDS, case.as_curl_command()
            case.validate_response(answer, checks=[checks.not_a_server_error])
            assert answer.status_code in (200, 400, 404, 414), (case.as_curl_command(), answer.content[:200])
            for secret in ("Traceback", access.token, str(starter.settings.node)):
                assert secret.encode() not in answer.content
            answered[answer.status_code] = answered.get(answer.status_code, 0) + 1

        ask()
    assert answered[200] > 50 and answered[400] > 20
