-- 0002_change_things
ALTER TABLE things DROP CONSTRAINT ck_things_long;
DROP INDEX idx_things_by_code;

ALTER TABLE things ALTER COLUMN count TYPE integer;
ALTER TABLE things ALTER COLUMN price DROP DEFAULT;
ALTER TABLE things ALTER COLUMN price TYPE numeric(10,2);
ALTER TABLE things ALTER COLUMN price SET DEFAULT 2.50;
ALTER TABLE things ALTER COLUMN code TYPE varchar(20);
ALTER TABLE things ALTER COLUMN day TYPE timestamptz(3) USING day::timestamp AT TIME ZONE 'UTC';
ALTER TABLE things ALTER COLUMN flag TYPE text USING flag::text;

ALTER TABLE things ADD CONSTRAINT ck_things_long CHECK (length(code) > 1);

CREATE INDEX idx_things_by_code ON things (code) WHERE code is not null;
