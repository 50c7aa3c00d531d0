"""Writes a data set for the media store as SQL: the sizes of the published one, the same bytes at every run.

Names are made up here. Totals of invoices are the sums of their lines, and a line costs what its track does.

    python docs/examples/chinook/data.py > data.sql
    psql "$DATABASE_URL" --single-transaction --file data.sql
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice

ARTISTS, ALBUMS, TRACKS = 275, 347, 3503
CUSTOMERS, EMPLOYEES, INVOICES, LINES = 59, 8, 412, 2240
PLAYLISTS = (3290, 3290, 1477, 213, 213, 75, 39, 26, 25, 25, 15, 15, 10, 1, 1, 0, 0, 0)
"""How many tracks each playlist has: 8,715 together."""
GENRES = (
    *("Rock", "Jazz", "Metal", "Punk", "Blues", "Latin", "Reggae", "Pop", "Soundtrack", "Bossa Nova"),
    *("Easy Listening", "Heavy Metal", "Soul", "Electronica", "World", "Hip Hop", "Science Fiction"),
    *("TV Shows", "Fantasy", "Drama", "Comedy", "Alternative", "Classical", "Opera", "Folk"),
)
MEDIA_TYPES = ("MPEG file", "Protected file", "Protected video file", "Purchased file", "Lossless file")
SYLLABLES = ("ba", "del", "cor", "mi", "ran", "so", "tel", "vi", "no", "lu", "ka", "pen", "ri", "os", "ma")
WORDS = (
    *("Silver", "River", "Night", "Glass", "Winter", "Paper", "Golden", "Stone", "Summer", "Quiet", "Iron"),
    *("Morning", "Velvet", "Empty", "Broken", "Distant", "Lantern", "Harbour", "Signal", "Garden", "Echo"),
)
PLACES = (
    *(("Lisbon", None, "Portugal"), ("Oslo", None, "Norway"), ("Toronto", "ON", "Canada")),
    *(("Austin", "TX", "USA"), ("Berlin", None, "Germany"), ("Recife", "PE", "Brazil")),
)
CENT = Decimal("0.01")
Row = Sequence[object]


class Dice:
    """Numbers that look random: a linear congruential generator (Numerical Recipes, 3rd edition, 7.1)."""

    def __init__(self, seed: int) -> None:
        self.state = seed

    def below(self, limit: int) -> int:
        """The next number, from 0 to `limit` - 1."""
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % limit

    def one_of(self, values: Sequence[str]) -> str:
        """One of some texts."""
        return values[self.below(len(values))]

    def name(self) -> str:
        """A name of two or three syllables."""
        return "".join(self.one_of(SYLLABLES) for _ in range(2 + self.below(2))).capitalize()

    def title(self) -> str:
        """A title of one to three words."""
        return " ".join(self.one_of(WORDS) for _ in range(1 + self.below(3)))


def tables() -> Iterator[tuple[str, tuple[str, ...], list[Row]]]:
    """Each table with its columns and rows, after the tables it refers to."""
    dice = Dice(1)
    yield "artists", ("id", "name"), [(n, f"{dice.name()} {dice.name()}") for n in numbers(ARTISTS)]
    albums = [(n, dice.title(), 1 + (n * 7) % ARTISTS) for n in numbers(ALBUMS)]
    yield "albums", ("id", "title", "artist_id"), albums
    yield "employees", EMPLOYEE, [employee(dice, n) for n in numbers(EMPLOYEES)]
    yield "customers", CUSTOMER, [customer(dice, n) for n in numbers(CUSTOMERS)]
    yield "genres", ("id", "name"), list(enumerate(GENRES, 1))
    yield "media_types", ("id", "name"), list(enumerate(MEDIA_TYPES, 1))
    prices = [Decimal("1.99") if dice.below(16) == 0 else Decimal("0.99") for _ in range(TRACKS)]
    yield "tracks", TRACK, [track(dice, n, prices[n - 1]) for n in numbers(TRACKS)]
    yield "playlists", ("id", "name"), [(n, dice.title()) for n in numbers(len(PLAYLISTS))]
    links = [(n, 1 + (n + at) % TRACKS) for n, size in enumerate(PLAYLISTS, 1) for at in range(size)]
    yield "playlist_track", ("playlist_id", "track_id"), links
    sold = [(n, 1 + (n - 1) % INVOICES, 1 + dice.below(TRACKS), 1 + dice.below(2)) for n in numbers(LINES)]
    totals = dict.fromkeys(numbers(INVOICES), Decimal(0))
    for _, invoice, bought, quantity in sold:
        totals[invoice] += prices[bought - 1] * quantity
    yield "invoices", INVOICE, [bill(dice, n, total) for n, total in totals.items()]
    yield "invoice_lines", LINE, [(n, bill, item, prices[item - 1], many) for n, bill, item, many in sold]


EMPLOYEE = (
    *("id", "last_name", "first_name", "title", "reports_to", "birth_date", "hire_date", "address", "city"),
    *("state", "country", "postal_code", "phone", "email"),
)
CUSTOMER = (
    *("id", "first_name", "last_name", "company", "address", "city", "state", "country", "postal_code"),
    *("phone", "email", "support_rep_id"),
)
TRACK = (
    *("id", "name", "album_id", "media_type_id", "genre_id", "composer", "milliseconds", "bytes"),
    "unit_price",
)
INVOICE = (
    *("id", "customer_id", "invoice_date", "billing_address", "billing_city", "billing_country", "total"),
)
LINE = ("id", "invoice_id", "track_id", "unit_price", "quantity")


def numbers(count: int) -> range:
    """The keys of so many rows."""
    return range(1, count + 1)


def employee(dice: Dice, n: int) -> Row:
    """The first leads all, the second and the sixth lead those after them."""
    boss = None if n == 1 else 1 if n in (2, 6) else 2 if n < 6 else 6
    last, first = dice.name(), dice.name()
    city, state, country = PLACES[n % len(PLACES)]
    title = "General Manager" if n == 1 else "Manager" if boss == 1 else "Support Agent"
    born, hired = f"19{60 + n}-0{n}-12", f"20{10 + n}-0{n}-01"
    mail = f"{first}.{last}@store.example".lower()
    return (
        n, last, first, title, boss, born, hired, f"{n} Main Street", city, state, country,
        f"{10000 + n * 37}", f"+49 30 55500{n:02}", mail,
    )  # fmt: skip


def customer(dice: Dice, n: int) -> Row:
    """Some of them work for a company."""
    first, last = dice.name(), dice.name()
    city, state, country = PLACES[dice.below(len(PLACES))]
    company = f"{dice.name()} Ltd." if n % 6 == 0 else None
    mail = f"{first}.{last}{n}@mail.example".lower()
    street = f"{1 + dice.below(200)} {dice.one_of(WORDS)} Road"
    return (
        n, first, last, company, street, city, state, country, f"{10000 + dice.below(80000)}",
        f"+49 30 {100000 + n * 911}", mail, 3 + n % 3,
    )  # fmt: skip


def track(dice: Dice, n: int, price: Decimal) -> Row:
    """Tracks stand in the order of their albums."""
    length = 90_000 + dice.below(400_000)
    album = 1 + (n - 1) * ALBUMS // TRACKS
    composer = f"{dice.name()} {dice.name()}" if dice.below(4) else None
    genre = 1 + album * 3 % len(GENRES)
    return (n, dice.title(), album, 1 + dice.below(5), genre, composer, length, length * 32, price)


def bill(dice: Dice, n: int, total: Decimal) -> Row:
    """One invoice every four days and a half, over five years."""
    date = datetime(2021, 1, 1, tzinfo=UTC) + timedelta(hours=108 * (n - 1))
    city, _, country = PLACES[dice.below(len(PLACES))]
    street = f"{1 + dice.below(200)} {dice.one_of(WORDS)} Road"
    return (n, 1 + (n * 5) % CUSTOMERS, date.isoformat(), street, city, country, total.quantize(CENT))


def statements() -> Iterator[str]:
    """The data set as SQL, at most 500 rows in a statement; numbering goes on after the last row."""
    for table, columns, rows in tables():
        waiting = iter(rows)
        while some := list(islice(waiting, 500)):
            lines = ",\n".join(f"  ({', '.join(literal(value) for value in row)})" for row in some)
            yield f"INSERT INTO {table} ({', '.join(columns)}) VALUES\n{lines};\n"
        if "id" in columns:
            yield f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {len(rows)});\n"


def literal(value: object) -> str:
    """A value as SQL."""
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int | Decimal) else "'" + str(value).replace("'", "''") + "'"


def main(write: Iterable[str]) -> None:
    """Write everything to the standard output."""
    sys.stdout.writelines(write)


if __name__ == "__main__":
    main(statements())
