ALTER TABLE jobs RENAME TO tasks;
ALTER TABLE job_tag RENAME TO task_tag;

ALTER TABLE tasks RENAME COLUMN heading TO title;
ALTER TABLE tasks RENAME COLUMN lead_id TO owner_id;
ALTER TABLE task_tag RENAME COLUMN job_id TO task_id;

ALTER SEQUENCE jobs_id_seq RENAME TO tasks_id_seq;
ALTER TABLE tasks RENAME CONSTRAINT pk_jobs TO pk_tasks;
ALTER TABLE tasks RENAME CONSTRAINT fk_jobs_lead_id TO fk_tasks_owner_id;
ALTER TABLE tasks RENAME CONSTRAINT ck_jobs_state_values TO ck_tasks_state_values;
ALTER TABLE tasks RENAME CONSTRAINT ck_jobs_called TO ck_tasks_named;
ALTER INDEX uq_jobs_heading RENAME TO uq_tasks_title;
ALTER INDEX idx_jobs_by_state RENAME TO idx_tasks_by_state;
ALTER INDEX idx_jobs_lead_id RENAME TO idx_tasks_owner_id;
ALTER TABLE task_tag RENAME CONSTRAINT pk_job_tag TO pk_task_tag;
ALTER TABLE task_tag RENAME CONSTRAINT fk_job_tag_job_id TO fk_task_tag_task_id;
ALTER TABLE task_tag RENAME CONSTRAINT fk_job_tag_tag_id TO fk_task_tag_tag_id;
ALTER INDEX idx_job_tag_tag_id RENAME TO idx_task_tag_tag_id;
