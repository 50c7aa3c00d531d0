-- 0002_change_tasks
ALTER TABLE tasks DROP CONSTRAINT ck_tasks_state_values;
ALTER TABLE tasks DROP CONSTRAINT ck_tasks_size_values;

ALTER TABLE tasks ALTER COLUMN state SET DEFAULT 'done';

ALTER TABLE tasks ADD CONSTRAINT ck_tasks_state_values CHECK (state IN ('open', 'done'));
ALTER TABLE tasks ADD CONSTRAINT ck_tasks_size_values CHECK (size IN ('small', 'middle', 'large'));
