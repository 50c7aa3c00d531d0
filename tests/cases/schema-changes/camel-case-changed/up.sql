-- 0002_change_lines
ALTER TABLE lines DROP CONSTRAINT ck_lines_counted;
DROP INDEX "uq_lines_itemName";

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

UPDATE lines SET "wholePrice" = (lines."unitPrice" * 3)::numeric(12, 2);
UPDATE lines SET "isKept" = lines."fullName" WHERE "isKept" IS NULL;
ALTER TABLE lines ALTER COLUMN "isKept" SET NOT NULL;

ALTER TABLE lines ADD CONSTRAINT "ck_lines_lineCount_range" CHECK ("lineCount" >= -9007199254740991 AND "lineCount" <= 9007199254740991);
ALTER TABLE lines ADD CONSTRAINT ck_lines_counted CHECK ("lineCount" is null or "lineCount" > 1);

CREATE UNIQUE INDEX "uq_lines_fullName" ON lines ("fullName");
