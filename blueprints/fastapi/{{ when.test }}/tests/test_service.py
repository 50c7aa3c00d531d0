"""What every service does, whatever it is about."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.database import Database, open_database
from app.service import create_service
from app.settings import Settings, SettingsError, load_settings
from tests.harness import Harness, problem


def test_it_lives_and_is_ready(service: Harness) -> None:
    assert service.request("GET", "/health/live").json() == {"status": "live"}
    assert service.request("GET", "/health/ready").json() == {"status": "ready"}


def test_without_a_database_it_is_not_ready() -> None:
    nowhere = open_database(Settings(database_url="postgresql://127.0.0.1:1/none"))
    client = TestClient(create_service(nowhere))
    problem(client.get("/health/ready"), 503, "UNAVAILABLE")
    assert client.get("/health/live").status_code == 200


def test_what_is_not_there_is_a_problem(service: Harness) -> None:
    problem(service.request("GET", "/no/such/thing"), 404, "NOT_FOUND")


def test_a_wrong_method_is_told_the_right_ones(service: Harness) -> None:
    refused = service.request("DELETE", "/health/live")
    problem(refused, 405, "METHOD_NOT_ALLOWED")
    assert refused.headers["allow"] == "GET, HEAD, OPTIONS"
    options = service.request("OPTIONS", "/health/live")
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    assert service.request("HEAD", "/health/live").status_code == 200


def test_the_id_of_a_request_comes_back(service: Harness) -> None:
    given = service.client.get("/health/live", headers={"X-Request-Id": "abc-1"})
    assert given.headers["x-request-id"] == "abc-1"
    wrong = service.client.get("/health/live", headers={"X-Request-Id": "a b"})
    assert len(wrong.headers["x-request-id"]) == 36


def test_answers_carry_security_headers(service: Harness) -> None:
    headers = service.request("GET", "/health/live").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")


def test_it_describes_itself(service: Harness) -> None:
    document = service.request("GET", "/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for operations in document["paths"].values():
        for operation in operations.values():
            assert "422" not in operation["responses"]
            assert "500" in operation["responses"]
    assert service.request("GET", "/").headers["location"] == "/reference"
    assert "openapi.json" in service.request("GET", "/reference").text


def test_what_nobody_expected_is_told_without_detail(database: Database) -> None:
    app = create_service(database)

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("a secret")

    told = TestClient(app).get("/broken")
    assert "a secret" not in told.text
    problem(told, 500, "INTERNAL")


def test_errors_of_the_database_do_not_tell_values(database: Database) -> None:
    statement = text("SELECT CAST(:given AS integer) / 0")
    with pytest.raises(DBAPIError) as raised, database.engine.connect() as connection:
        connection.execute(statement, {"given": 4711})
    assert "4711" not in str(raised.value)


def test_settings_name_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "high")
    monkeypatch.setenv("DATABASE_URL", "mysql://localhost")
    with pytest.raises(SettingsError, match=r"DATABASE_URL.*\n.*PORT|PORT.*\n.*DATABASE_URL"):
        load_settings()
