  const free = await findMany(
    context,
    tasks,
    sql`tasks.assignee_id is null and tasks.status = 'todo'`,
    {
      order: sql`tasks.due_on nulls last, tasks.priority desc, tasks.created_at, tasks.id`,
      limit: 1,
    },
  );
  const first = free.at(0);
  if (first === undefined) {
    throw new Failure('NOT_FOUND');
  }
  return shape(context, taskView, first);
