DROP INDEX uq_rooms_place;
ALTER TABLE bookings DROP CONSTRAINT ex_bookings_alone;
ALTER TABLE bookings DROP CONSTRAINT fk_bookings_room_id;
ALTER TABLE bookings DROP CONSTRAINT ck_bookings_forward;
DROP INDEX idx_bookings_by_start;

ALTER TABLE bookings DROP COLUMN deleted_at;

ALTER TABLE bookings ADD CONSTRAINT fk_bookings_room_id FOREIGN KEY (room_id) REFERENCES rooms (id) ON DELETE RESTRICT;

CREATE INDEX idx_bookings_by_note ON bookings (note);
