-- 0002_rename_tasks_to_jobs
ALTER TABLE tasks RENAME TO jobs;
ALTER TABLE task_tag RENAME TO job_tag;

ALTER TABLE jobs RENAME COLUMN title TO heading;
ALTER TABLE jobs RENAME COLUMN owner_id TO lead_id;
ALTER TABLE job_tag RENAME COLUMN task_id TO job_id;

ALTER SEQUENCE tasks_id_seq RENAME TO jobs_id_seq;
ALTER TABLE jobs RENAME CONSTRAINT pk_tasks TO pk_jobs;
ALTER TABLE jobs RENAME CONSTRAINT fk_tasks_owner_id TO fk_jobs_lead_id;
ALTER TABLE jobs RENAME CONSTRAINT ck_tasks_state_values TO ck_jobs_state_values;
ALTER TABLE jobs RENAME CONSTRAINT ck_tasks_named TO ck_jobs_called;
ALTER INDEX uq_tasks_title RENAME TO uq_jobs_heading;
ALTER INDEX idx_tasks_by_state RENAME TO idx_jobs_by_state;
ALTER INDEX idx_tasks_owner_id RENAME TO idx_jobs_lead_id;
ALTER TABLE job_tag RENAME CONSTRAINT pk_task_tag TO pk_job_tag;
ALTER TABLE job_tag RENAME CONSTRAINT fk_task_tag_task_id TO fk_job_tag_job_id;
ALTER TABLE job_tag RENAME CONSTRAINT fk_task_tag_tag_id TO fk_job_tag_tag_id;
ALTER INDEX idx_task_tag_tag_id RENAME TO idx_job_tag_tag_id;
