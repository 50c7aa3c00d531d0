-- 0002_change_ones_and_twos
ALTER TABLE ones RENAME TO ones_moving;
ALTER TABLE twos RENAME TO ones;
ALTER TABLE ones_moving RENAME TO twos;

ALTER TABLE twos RENAME CONSTRAINT pk_ones TO pk_ones_moving;
ALTER TABLE ones RENAME CONSTRAINT pk_twos TO pk_ones;
ALTER TABLE twos RENAME CONSTRAINT pk_ones_moving TO pk_twos;
