-- 0002_change_lines
-- Step: each statement on its own
DROP INDEX CONCURRENTLY IF EXISTS "uq_lines_itemName";

-- Step: in a transaction
ALTER TABLE lines DROP CONSTRAINT ck_lines_counted;

ALTER TABLE lines DROP COLUMN "oldNote";

ALTER TABLE lines RENAME COLUMN "itemName" TO "fullName";

ALTER TABLE lines ALTER COLUMN "fullName" TYPE varchar(80);
ALTER TABLE lines ALTER COLUMN "lineCount" TYPE bigint;
ALTER TABLE lines ALTER COLUMN "unitPrice" TYPE numeric(12,2);
ALTER TABLE lines ALTER COLUMN "wholePrice" TYPE numeric(12,2);
ALTER TABLE lines ALTER COLUMN "isKept" TYPE text USING "isKept"::text;

CREATE OR REPLACE FUNCTION compute_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  new."wholePrice" := (new."unitPrice" * 3)::numeric(12, 2);
  RETURN new;
END
$$;

-- Step: in a transaction
UPDATE lines SET "wholePrice" = (lines."unitPrice" * 3)::numeric(12, 2);
UPDATE lines SET "isKept" = lines."fullName" WHERE "isKept" IS NULL;

-- Step: each statement on its own
DROP INDEX CONCURRENTLY IF EXISTS "uq_lines_fullName";
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "uq_lines_fullName" ON lines ("fullName");

-- Step: in a transaction
ALTER TABLE lines ADD CONSTRAINT "ck_lines_lineCount_range" CHECK ("lineCount" >= -9007199254740991 AND "lineCount" <= 9007199254740991) NOT VALID;
ALTER TABLE lines ADD CONSTRAINT ck_lines_counted CHECK ("lineCount" is null or "lineCount" > 1) NOT VALID;
ALTER TABLE lines ADD CONSTRAINT "ck_lines_isKept_present" CHECK ("isKept" IS NOT NULL) NOT VALID;

-- Step: in a transaction
ALTER TABLE lines VALIDATE CONSTRAINT "ck_lines_lineCount_range";
ALTER TABLE lines VALIDATE CONSTRAINT ck_lines_counted;
ALTER TABLE lines VALIDATE CONSTRAINT "ck_lines_isKept_present";
ALTER TABLE lines ALTER COLUMN "isKept" SET NOT NULL;
ALTER TABLE lines DROP CONSTRAINT "ck_lines_isKept_present";
