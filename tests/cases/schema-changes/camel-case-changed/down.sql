-- What was in lines.oldNote does not come back.
ALTER TABLE lines DROP CONSTRAINT "ck_lines_lineCount_range";
ALTER TABLE lines DROP CONSTRAINT ck_lines_counted;
DROP INDEX "uq_lines_fullName";

ALTER TABLE lines RENAME COLUMN "fullName" TO "itemName";

ALTER TABLE lines ADD COLUMN "oldNote" text;

ALTER TABLE lines ALTER COLUMN "itemName" TYPE varchar(40);
ALTER TABLE lines ALTER COLUMN "lineCount" TYPE integer;
ALTER TABLE lines ALTER COLUMN "unitPrice" TYPE integer;
ALTER TABLE lines ALTER COLUMN "wholePrice" TYPE integer;
ALTER TABLE lines ALTER COLUMN "isKept" DROP NOT NULL;
ALTER TABLE lines ALTER COLUMN "isKept" TYPE boolean USING "isKept"::boolean;

CREATE OR REPLACE FUNCTION compute_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  new."wholePrice" := (new."unitPrice"::bigint * 2)::integer;
  RETURN new;
END
$$;

UPDATE lines SET "wholePrice" = "wholePrice";

ALTER TABLE lines ADD CONSTRAINT ck_lines_counted CHECK ("lineCount" is null or "lineCount" > 0);

CREATE UNIQUE INDEX "uq_lines_itemName" ON lines ("itemName");
