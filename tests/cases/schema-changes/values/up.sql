-- 0002_change_tasks
ALTER TABLE tasks DROP CONSTRAINT ck_tasks_state_values;
ALTER TABLE tasks DROP CONSTRAINT ck_tasks_size_values;

ALTER TABLE tasks ALTER COLUMN state SET DEFAULT 'done';

-- Step: in a transaction
ALTER TABLE tasks ADD CONSTRAINT ck_tasks_state_values CHECK (state IN ('open', 'done')) NOT VALID;
ALTER TABLE tasks ADD CONSTRAINT ck_tasks_size_values CHECK (size IN ('small', 'middle', 'large')) NOT VALID;

-- Step: in a transaction
ALTER TABLE tasks VALIDATE CONSTRAINT ck_tasks_state_values;
ALTER TABLE tasks VALIDATE CONSTRAINT ck_tasks_size_values;
