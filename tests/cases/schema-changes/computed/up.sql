-- 0002_add_half_to_rows
DROP TRIGGER compute_lines ON lines;
DROP FUNCTION compute_lines();

ALTER TABLE lines RENAME TO rows;

ALTER TABLE rows RENAME CONSTRAINT pk_lines TO pk_rows;

ALTER TABLE rows ADD COLUMN half integer;

CREATE FUNCTION compute_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  new.total := ((((((new.amount::bigint * new.price * 1024 - 1) >> 10) + 1 + 1) * 1024 - 1) >> 10) + 1)::integer;
  new.half := (new.amount::bigint + 2)::integer;
  RETURN new;
END
$$;

CREATE TRIGGER compute_rows BEFORE INSERT OR UPDATE ON rows
  FOR EACH ROW EXECUTE FUNCTION compute_rows();

-- Step: in a transaction
UPDATE rows SET total = ((((((rows.amount::bigint * rows.price * 1024 - 1) >> 10) + 1 + 1) * 1024 - 1) >> 10) + 1)::integer;
UPDATE rows SET half = (rows.amount::bigint + 2)::integer;

-- Step: in a transaction
ALTER TABLE rows ADD CONSTRAINT ck_rows_half_present CHECK (half IS NOT NULL) NOT VALID;

-- Step: in a transaction
ALTER TABLE rows VALIDATE CONSTRAINT ck_rows_half_present;
ALTER TABLE rows ALTER COLUMN half SET NOT NULL;
ALTER TABLE rows DROP CONSTRAINT ck_rows_half_present;
