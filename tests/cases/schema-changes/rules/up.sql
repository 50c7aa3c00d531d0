-- 0002_change_rooms_and_bookings
CREATE EXTENSION IF NOT EXISTS btree_gist;

ALTER TABLE bookings DROP CONSTRAINT fk_bookings_room_id;
DROP INDEX idx_bookings_by_note;

ALTER TABLE bookings ADD COLUMN deleted_at timestamptz(3);

ALTER TABLE bookings ADD CONSTRAINT ck_bookings_forward CHECK (ends_at > starts_at);

ALTER TABLE bookings ADD CONSTRAINT fk_bookings_room_id FOREIGN KEY (room_id) REFERENCES rooms (id) ON DELETE CASCADE;

CREATE UNIQUE INDEX uq_rooms_place ON rooms (number, floor);
CREATE INDEX idx_bookings_by_start ON bookings (starts_at DESC);

ALTER TABLE bookings ADD CONSTRAINT ex_bookings_alone EXCLUDE USING gist (room_id WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (deleted_at IS NULL);
