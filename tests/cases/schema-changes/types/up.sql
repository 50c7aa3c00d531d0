-- 0002_change_things
-- Step: each statement on its own
DROP INDEX CONCURRENTLY IF EXISTS idx_things_by_code;

-- Step: in a transaction
ALTER TABLE things DROP CONSTRAINT ck_things_long;

ALTER TABLE things ALTER COLUMN count TYPE integer;
ALTER TABLE things ALTER COLUMN price DROP DEFAULT;
ALTER TABLE things ALTER COLUMN price TYPE numeric(10,2);
ALTER TABLE things ALTER COLUMN price SET DEFAULT 2.50;
ALTER TABLE things ALTER COLUMN code TYPE varchar(20);
ALTER TABLE things ALTER COLUMN day TYPE timestamptz(3) USING day::timestamp AT TIME ZONE 'UTC';
ALTER TABLE things ALTER COLUMN flag TYPE text USING flag::text;

-- Step: each statement on its own
DROP INDEX CONCURRENTLY IF EXISTS idx_things_by_code;
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_things_by_code ON things (code) WHERE code is not null;

-- Step: in a transaction
ALTER TABLE things ADD CONSTRAINT ck_things_long CHECK (length(code) > 1) NOT VALID;

-- Step: in a transaction
ALTER TABLE things VALIDATE CONSTRAINT ck_things_long;
