-- 0002_change_rooms_and_bookings
-- Step: each statement on its own
DROP INDEX CONCURRENTLY IF EXISTS idx_bookings_by_note;

-- Step: in a transaction
CREATE EXTENSION IF NOT EXISTS btree_gist;

ALTER TABLE bookings DROP CONSTRAINT fk_bookings_room_id;

ALTER TABLE bookings ADD COLUMN deleted_at timestamptz(3);

ALTER TABLE bookings ADD CONSTRAINT ex_bookings_alone EXCLUDE USING gist (room_id WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (deleted_at IS NULL);

-- Step: each statement on its own
DROP INDEX CONCURRENTLY IF EXISTS uq_rooms_place;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS uq_rooms_place ON rooms (number, floor);
DROP INDEX CONCURRENTLY IF EXISTS idx_bookings_by_start;
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_bookings_by_start ON bookings (starts_at DESC);

-- Step: in a transaction
ALTER TABLE bookings ADD CONSTRAINT ck_bookings_forward CHECK (ends_at > starts_at) NOT VALID;
ALTER TABLE bookings ADD CONSTRAINT fk_bookings_room_id FOREIGN KEY (room_id) REFERENCES rooms (id) ON DELETE CASCADE NOT VALID;

-- Step: in a transaction
ALTER TABLE bookings VALIDATE CONSTRAINT ck_bookings_forward;
ALTER TABLE bookings VALIDATE CONSTRAINT fk_bookings_room_id;
