ALTER TABLE tasks DROP CONSTRAINT ck_tasks_state_values;
ALTER TABLE tasks DROP CONSTRAINT ck_tasks_size_values;

ALTER TABLE tasks ALTER COLUMN state SET DEFAULT 'open';

ALTER TABLE tasks ADD CONSTRAINT ck_tasks_state_values CHECK (state IN ('open', 'done', 'gone'));
ALTER TABLE tasks ADD CONSTRAINT ck_tasks_size_values CHECK (size IN ('small', 'large'));
