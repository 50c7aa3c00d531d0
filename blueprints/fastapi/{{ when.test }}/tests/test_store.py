"""Rows and lists of any model, tried with tables that only these tests have."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi import APIRouter, Query
from fastapi.testclient import TestClient
from httpx2 import Response
from pydantic import Field
from sqlalchemy.orm import Mapped

from app import fields
from app.context import InContext
from app.database import Database
from app.listing import Listing, before, descending, equal, linked, page_of, since
from app.model import Base, Created, SoftDeleted, Updated, Versioned
from app.problems import failures
from app.service import create_service
from app.shapes import Shape
from app.store import change, find, insert, remove, restore, show, show_all
from tests.harness import NOBODY, problem

START = datetime(2026, 1, 1, tzinfo=UTC)


class OwnTable(Base):
    """A table that no migration makes."""

    __abstract__ = True
    metadata = sa.MetaData(naming_convention=Base.metadata.naming_convention)


LINK = sa.Table(
    "tests__box_label",
    OwnTable.metadata,
    sa.Column("box_id", sa.ForeignKey("tests__boxes.id"), primary_key=True),
    sa.Column(
        "label_id",
        sa.ForeignKey("tests__labels.id", name="fk_tests__box_label"),
        primary_key=True,
    ),
)
NEIGHBOURS = sa.Table(
    "tests__neighbours",
    OwnTable.metadata,
    sa.Column("box_id", sa.ForeignKey("tests__boxes.id"), primary_key=True),
    sa.Column(
        "other_id",
        sa.ForeignKey("tests__boxes.id", name="fk_tests__neighbours"),
        primary_key=True,
    ),
)


class LabelRow(Created, OwnTable):
    """One label."""

    __tablename__ = "tests__labels"
    __table_args__ = (sa.CheckConstraint("name <> 'none'", name="ck_tests__labels"),)

    name: Mapped[str]


class BoxRow(SoftDeleted, Updated, Versioned, OwnTable):
    """One box."""

    __tablename__ = "tests__boxes"
    __table_args__ = (
        sa.ForeignKeyConstraint(["inside"], ["tests__boxes.id"], name="fk_tests__boxes_inside"),
        sa.Index("uq_tests__boxes_name", "name", unique=True),
    )
    violations = {
        "fk_tests__boxes_inside": ("CONFLICT", "inside"),
        "fk_tests__neighbours": ("CONFLICT", "neighbours"),
        "uq_tests__boxes_name": ("CONFLICT", "name"),
        "fk_tests__box_label": ("CONFLICT", "labels"),
    }
    links = {"labels": LINK, "neighbours": NEIGHBOURS}

    name: Mapped[str]
    size: Mapped[int | None]
    inside: Mapped[UUID | None]


class Label(Shape):
    """One label."""

    id: fields.Key
    name: str


class Box(Label):
    """One box."""

    size: fields.Integer | None
    inside: fields.Key | None
    labels: list[fields.Key]
    neighbours: list[fields.Key]
    version: fields.Integer
    created_at: Annotated[fields.Moment, Field(alias="created")]
    updated_at: Annotated[fields.Moment, Field(alias="updated")]


class LabelCreate(Shape):
    """What a new label is made of."""

    name: fields.PlainText


class BoxCreate(LabelCreate):
    """What a new box is made of."""

    size: fields.Integer | None = None
    inside: fields.Key | None = None
    labels: fields.Keys = []
    neighbours: fields.Keys = []


class BoxUpdate(Shape):
    """What can change in a box."""

    name: fields.PlainText = fields.absent()
    size: fields.Integer | None = None
    inside: fields.Key | None = None
    labels: fields.Keys = fields.absent()
    neighbours: fields.Keys = fields.absent()
    version: fields.Integer


class BoxQuery(Shape):
    """What a list of boxes can be asked for."""

    size: Annotated[fields.Integer, fields.FROM_TEXT] = fields.absent()
    least: Annotated[fields.Integer, fields.FROM_TEXT] = fields.absent()
    below: Annotated[fields.Integer, fields.FROM_TEXT] = fields.absent()
    labels: fields.Key = fields.absent()
    search: fields.Search = fields.absent()
    sort: Annotated[str, fields.sort_of("name", "size")] = fields.absent()
    limit: fields.Limit = 20
    offset: fields.Offset = 0


class BoxPage(Shape):
    """One page of boxes."""

    items: list[Box]
    total: int


LISTING = Listing(
    model=BoxRow,
    filters={
        "size": equal(BoxRow.size),
        "least": since(BoxRow.size),
        "below": before(BoxRow.size),
        "labels": linked(BoxRow, LINK),
    },
    search=[BoxRow.name],
    sorts={"name": BoxRow.name, "size": BoxRow.size},
    order=[descending(BoxRow.name)],
)

router = APIRouter(prefix="/tests")


@router.post("/labels", status_code=201, responses=failures("VALIDATION_FAILED", "CONFLICT"))
def create_label(context: InContext, body: LabelCreate) -> Label:
    return show(context, Label, insert(context, LabelRow, body))


@router.delete("/labels/{id}", status_code=204)
def delete_label(context: InContext, id: fields.Key) -> None:
    remove(context, LabelRow, id)


@router.get("/boxes")
def list_boxes(context: InContext, query: Annotated[BoxQuery, Query()]) -> BoxPage:
    rows, total = page_of(context, LISTING, query)
    return BoxPage.model_construct(items=show_all(context, Box, rows), total=total)


@router.get("/boxes/{id}")
def get_box(context: InContext, id: fields.Key) -> Box:
    return show(context, Box, find(context, BoxRow, id))


@router.post("/boxes", status_code=201)
def create_box(context: InContext, body: BoxCreate) -> Box:
    return show(context, Box, insert(context, BoxRow, body))


@router.patch("/boxes/{id}")
def update_box(context: InContext, id: fields.Key, body: BoxUpdate) -> Box:
    return show(context, Box, change(context, BoxRow, id, body))


@router.delete("/boxes/{id}", status_code=204)
def delete_box(context: InContext, id: fields.Key) -> None:
    remove(context, BoxRow, id)


@router.post("/boxes/{id}/restore")
def restore_box(context: InContext, id: fields.Key) -> Box:
    return show(context, Box, restore(context, BoxRow, id))


@router.get("/lost")
def lose_connection(context: InContext) -> None:
    context.session.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))


@router.get("/slow")
def take_too_long(context: InContext) -> None:
    context.session.execute(sa.text("SET LOCAL statement_timeout = 1"))
    context.session.execute(sa.text("SELECT pg_sleep(9)"))


@pytest.fixture
def client(empty_database: Database) -> Iterator[TestClient]:
    """A service of boxes and labels whose clock goes on a second at each request."""
    OwnTable.metadata.create_all(empty_database.engine)
    service = create_service(empty_database)
    service.include_router(router)
    moments = (START + timedelta(seconds=second) for second in range(100))
    service.state.clock = lambda: next(moments)
    with TestClient(service) as client:
        yield client


def created(client: TestClient, kind: str, **body: Any) -> dict[str, Any]:
    """Make a box or a label and return it."""
    response = client.post(f"/tests/{kind}", json=body)
    assert response.status_code == 201, response.text
    row: dict[str, Any] = response.json()
    return row


def changed(client: TestClient, row: dict[str, Any], **change: Any) -> Response:
    """Change a box that was read before."""
    body = {"version": row["version"]} | change
    response: Response = client.patch(f"/tests/boxes/{row['id']}", json=body)
    return response


def names(client: TestClient, **query: Any) -> list[str]:
    """The names of the boxes that a list finds."""
    page = client.get("/tests/boxes", params=query).json()
    return [item["name"] for item in page["items"]]


def test_a_row_is_shown_as_it_was_written(client: TestClient) -> None:
    labels = sorted(created(client, "labels", name=name)["id"] for name in "ab")
    box = created(client, "boxes", name="a", size=3, labels=[*labels, labels[0]])
    assert box == {
        "id": box["id"],
        "name": "a",
        "size": 3,
        "inside": None,
        "labels": labels,
        "neighbours": [],
        "version": 1,
        "created": "2026-01-01T00:00:02.000Z",
        "updated": "2026-01-01T00:00:02.000Z",
    }
    assert client.get(f"/tests/boxes/{box['id']}").json() == box
    problem(client.get(f"/tests/boxes/{NOBODY}"), 404, "NOT_FOUND")


def test_a_change_sets_what_is_given_and_counts(client: TestClient) -> None:
    label = created(client, "labels", name="a")["id"]
    box = created(client, "boxes", name="a", size=3, labels=[label])
    response = changed(client, box, size=None)
    assert response.json() == box | {
        "size": None,
        "version": 2,
        "updated": "2026-01-01T00:00:02.000Z",
    }
    problem(changed(client, box, name="b"), 409, "VERSION_CONFLICT")
    unlinked = changed(client, response.json(), labels=[]).json()
    assert (unlinked["name"], unlinked["labels"], unlinked["version"]) == ("a", [], 3)
    problem(changed(client, box | {"id": NOBODY}), 404, "NOT_FOUND")


def test_what_the_database_refuses_is_told(client: TestClient) -> None:
    box = created(client, "boxes", name="a")
    told = problem(client.post("/tests/boxes", json={"name": "a"}), 409, "CONFLICT")
    assert told["errors"] == [{"path": "name", "message": "is refused"}]
    told = problem(changed(client, box, labels=[NOBODY]), 409, "CONFLICT")
    assert told["errors"] == [{"path": "labels", "message": "refers to nothing"}]
    # A constraint that the model gives no meaning.
    told = problem(client.post("/tests/labels", json={"name": "none"}), 400, "VALIDATION_FAILED")
    assert "errors" not in told


def test_a_deleted_row_is_hidden_until_it_is_restored(client: TestClient) -> None:
    box = created(client, "boxes", name="a")
    path = f"/tests/boxes/{box['id']}"
    problem(client.post(f"{path}/restore"), 404, "NOT_FOUND")
    assert client.delete(path).status_code == 204
    problem(client.get(path), 404, "NOT_FOUND")
    problem(client.delete(path), 404, "NOT_FOUND")
    problem(changed(client, box), 404, "NOT_FOUND")
    assert names(client) == []
    assert client.post(f"{path}/restore").json() == box


def test_a_row_that_others_refer_to_stays(client: TestClient) -> None:
    label = created(client, "labels", name="a")["id"]
    box = created(client, "boxes", name="a", labels=[label])
    problem(client.delete(f"/tests/labels/{label}"), 409, "IN_USE")
    changed(client, box, labels=[])
    assert client.delete(f"/tests/labels/{label}").status_code == 204
    problem(client.delete(f"/tests/labels/{label}"), 404, "NOT_FOUND")


def test_nothing_new_refers_to_a_deleted_row(client: TestClient) -> None:
    gone = created(client, "boxes", name="a")
    within = created(client, "boxes", name="b", inside=gone["id"], neighbours=[gone["id"]])
    empty = created(client, "boxes", name="c")
    assert client.delete(f"/tests/boxes/{gone['id']}").status_code == 204
    told = problem(changed(client, empty, inside=gone["id"]), 409, "CONFLICT")
    assert told["errors"] == [{"path": "inside", "message": "refers to nothing"}]
    told = problem(changed(client, empty, neighbours=[gone["id"]]), 409, "CONFLICT")
    assert told["errors"] == [{"path": "neighbours", "message": "refers to nothing"}]
    body = {"name": "d", "inside": gone["id"]}
    problem(client.post("/tests/boxes", json=body), 409, "CONFLICT")
    # What was there before stays.
    same = changed(client, within, inside=gone["id"], neighbours=[gone["id"]])
    assert same.json()["neighbours"] == [gone["id"]]
    client.post(f"/tests/boxes/{gone['id']}/restore")
    assert changed(client, empty, inside=gone["id"]).json()["inside"] == gone["id"]


def test_lists(client: TestClient) -> None:
    label = created(client, "labels", name="a")["id"]
    created(client, "boxes", name="50% off", size=1, labels=[label])
    created(client, "boxes", name="Blue", size=2)
    created(client, "boxes", name="cyan_ish", size=2)
    created(client, "boxes", name="Dark", size=None)
    assert names(client) == ["cyan_ish", "Dark", "Blue", "50% off"]
    assert names(client, size=2) == ["cyan_ish", "Blue"]
    assert names(client, least=2) == ["cyan_ish", "Blue"]
    assert names(client, below=2) == ["50% off"]
    assert names(client, labels=label) == ["50% off"]
    assert names(client, search="BLUE") == ["Blue"]
    assert names(client, search="%") == ["50% off"]
    assert names(client, search="_") == ["cyan_ish"]
    assert names(client, sort="name") == ["50% off", "Blue", "Dark", "cyan_ish"]
    assert names(client, sort="-size,name") == ["Dark", "Blue", "cyan_ish", "50% off"]
    assert names(client, limit=2, offset=1) == ["Dark", "Blue"]
    assert client.get("/tests/boxes", params={"limit": 1}).json()["total"] == 4


def test_what_is_no_json_is_refused(client: TestClient) -> None:
    headers = {"Content-Type": "application/json"}
    broken = client.post("/tests/labels", content="{", headers=headers)
    assert problem(broken, 400, "VALIDATION_FAILED")["errors"][0]["path"] == ""
    told = problem(client.post("/tests/labels", json={"name": 7}), 400, "VALIDATION_FAILED")
    assert told["errors"] == [{"path": "name", "message": "must be text"}]
    problem(client.post("/tests/labels", content="name=a"), 415, "UNSUPPORTED_MEDIA_TYPE")
    large = client.post("/tests/labels", content=b" " * 1_000_001, headers=headers)
    problem(large, 413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize("path", ["lost", "slow"])
def test_what_passes_is_unavailable(client: TestClient, path: str) -> None:
    told = client.get(f"/tests/{path}")
    problem(told, 503, "UNAVAILABLE")
    assert told.headers["retry-after"] == "1"
    created(client, "boxes", name="a")


def test_failures_are_described(client: TestClient) -> None:
    described = client.get("/openapi.json").json()["paths"]["/tests/labels"]["post"]["responses"]
    assert list(described) == ["201", "400", "409", "500", "503", "413", "415"]
    content = described["400"]["content"]["application/problem+json"]
    assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
