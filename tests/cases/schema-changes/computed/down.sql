DROP TRIGGER compute_rows ON rows;
DROP FUNCTION compute_rows();

ALTER TABLE rows DROP COLUMN half;

ALTER TABLE rows RENAME TO lines;

ALTER TABLE lines RENAME CONSTRAINT pk_rows TO pk_lines;

CREATE FUNCTION compute_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  new.total := (((new.amount::bigint * new.price * 1024 - 1) >> 10) + 1)::integer;
  RETURN new;
END
$$;

CREATE TRIGGER compute_lines BEFORE INSERT OR UPDATE ON lines
  FOR EACH ROW EXECUTE FUNCTION compute_lines();

UPDATE lines SET total = total;
