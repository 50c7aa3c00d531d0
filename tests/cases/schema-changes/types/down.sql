ALTER TABLE things DROP CONSTRAINT ck_things_long;
DROP INDEX idx_things_by_code;

ALTER TABLE things ALTER COLUMN count TYPE smallint;
ALTER TABLE things ALTER COLUMN price DROP DEFAULT;
ALTER TABLE things ALTER COLUMN price TYPE numeric(8,2);
ALTER TABLE things ALTER COLUMN price SET DEFAULT 1.50;
ALTER TABLE things ALTER COLUMN code TYPE varchar(40);
ALTER TABLE things ALTER COLUMN day TYPE date USING (day AT TIME ZONE 'UTC')::date;
ALTER TABLE things ALTER COLUMN flag TYPE boolean USING flag::boolean;

ALTER TABLE things ADD CONSTRAINT ck_things_long CHECK (length(code) > 1);

CREATE INDEX idx_things_by_code ON things (code) WHERE code is not null;
