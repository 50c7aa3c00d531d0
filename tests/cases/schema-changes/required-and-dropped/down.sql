-- What was in notes does not come back.
-- What was in tasks.notes does not come back.
DROP TABLE comments;

ALTER TABLE tasks DROP COLUMN slug;
ALTER TABLE tasks DROP COLUMN urgent;

CREATE TABLE notes (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  text text,
  task_id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT pk_notes PRIMARY KEY (id)
);

ALTER TABLE tasks ADD COLUMN notes text NOT NULL;

ALTER TABLE tasks ALTER COLUMN rank DROP NOT NULL;
ALTER TABLE tasks ALTER COLUMN rank DROP DEFAULT;

ALTER TABLE tasks ALTER COLUMN title SET NOT NULL;

ALTER TABLE notes ADD CONSTRAINT fk_notes_task_id FOREIGN KEY (task_id) REFERENCES tasks (id) ON DELETE RESTRICT;

CREATE INDEX idx_notes_task_id ON notes (task_id);
