"""A small plan with two slots, for tests that need a project and no more."""

from __future__ import annotations

SLOT = """\
      {name}:
        http: GET /lists/{{list_id}}/{name}
        input:
          list_id: List.id required
        output: Item
        slot:
          intent: The item that {name} is about.
          may_read: [Item]
          errors: [NOT_FOUND]
          proven_by: [AC-{number}]
          fallback: placeholder
"""
CRITERION = """\
  AC-{number}:
    title: There is an item
    given: [home, bread]
    when:
      http: board.{name}
      send:
        list_id: = home.id
    then:
      status: 200
      body:
        title: Bread
"""
PLAN = f"""\
specwright: 1
project: todo
title: Lists
stack: express-react

entities:
  List:
    resource: true
    fields:
      name: varchar(80) required unique
  Item:
    resource: true
    fields:
      list: ref List required cascade
      title: varchar(200) required

services:
  board:
    operations:
{SLOT.format(name="oldest", number=1)}{SLOT.format(name="next", number=2)}
fixtures:
  home:
    entity: List
    set:
      name: Home
  bread:
    entity: Item
    set:
      list_id: = home.id
      title: Bread

acceptance:
{CRITERION.format(name="oldest", number=1)}{CRITERION.format(name="next", number=2)}"""
WIDER = PLAN.replace(
    "      title: varchar(200) required\n", "      title: varchar(200) required\n      due_on: date\n"
)
ITEM = "server/src/models/item.model.ts"
LIST = "server/src/models/list.model.ts"
BOARD = "server/src/services/board.service.ts"


def filled(text: str, slot: str, body: str) -> str:
    """Return a file with a body in one of its slots."""
    begin, end = f"  // slot: {slot}\n", f"  // end slot: {slot}\n"
    before, rest = text.split(begin, 1)
    return f"{before}{begin}{body}{end}{rest.split(end, 1)[1]}"
