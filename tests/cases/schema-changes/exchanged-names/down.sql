ALTER TABLE twos RENAME TO twos_moving;
ALTER TABLE ones RENAME TO twos;
ALTER TABLE twos_moving RENAME TO ones;

ALTER TABLE ones RENAME CONSTRAINT pk_twos TO pk_twos_moving;
ALTER TABLE twos RENAME CONSTRAINT pk_ones TO pk_twos;
ALTER TABLE ones RENAME CONSTRAINT pk_twos_moving TO pk_ones;
