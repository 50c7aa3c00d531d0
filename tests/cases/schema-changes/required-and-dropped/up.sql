-- 0002_change_notes_and_comments_and_tasks
DROP TABLE notes;

ALTER TABLE tasks DROP COLUMN notes;

CREATE TABLE comments (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  body text NOT NULL,
  task_id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT pk_comments PRIMARY KEY (id)
);

ALTER TABLE tasks ADD COLUMN slug text;
ALTER TABLE tasks ADD COLUMN urgent boolean NOT NULL DEFAULT false;

ALTER TABLE tasks ALTER COLUMN title DROP NOT NULL;
ALTER TABLE tasks ALTER COLUMN rank SET DEFAULT 5;

ALTER TABLE comments ADD CONSTRAINT fk_comments_task_id FOREIGN KEY (task_id) REFERENCES tasks (id) ON DELETE RESTRICT;

CREATE INDEX idx_comments_task_id ON comments (task_id);

-- Step: in a transaction
UPDATE tasks SET rank = 5 WHERE rank IS NULL;
UPDATE tasks SET slug = case when tasks.title is not null then lower(tasks.title collate "C") else 'none' end;

-- Step: in a transaction
ALTER TABLE tasks ADD CONSTRAINT ck_tasks_rank_present CHECK (rank IS NOT NULL) NOT VALID;
ALTER TABLE tasks ADD CONSTRAINT ck_tasks_slug_present CHECK (slug IS NOT NULL) NOT VALID;

-- Step: in a transaction
ALTER TABLE tasks VALIDATE CONSTRAINT ck_tasks_rank_present;
ALTER TABLE tasks ALTER COLUMN rank SET NOT NULL;
ALTER TABLE tasks DROP CONSTRAINT ck_tasks_rank_present;
ALTER TABLE tasks VALIDATE CONSTRAINT ck_tasks_slug_present;
ALTER TABLE tasks ALTER COLUMN slug SET NOT NULL;
ALTER TABLE tasks DROP CONSTRAINT ck_tasks_slug_present;
