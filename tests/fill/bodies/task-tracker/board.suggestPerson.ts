  const task = await load(context, tasks, byKey(tasks, input.id));
  const open = await findMany(
    context,
    tasks,
    sql`tasks.assignee_id is not null and tasks.status <> 'done'`,
  );
  const everybody = await findMany(context, people, sql`true`, {
    order: sql`people.name, people.id`,
  });
  const candidates = everybody.map((person) => {
    const own = open.filter((each) => each.assignee_id === person.id);
    return {
      person,
      count: own.length,
      hours: own.reduce((hours, each) => addDecimal(hours, each.estimate_hours ?? 1), '0'),
      helps: own.some((each) => each.parent_id === task.id),
    };
  });
  const best = candidates
    .filter(({ count: tasksOpen }) => tasksOpen < context.config.MAX_OPEN_TASKS)
    .sort(
      (one, other) =>
        Number(other.helps) - Number(one.helps) || compareDecimal(one.hours, other.hours),
    )
    .at(0);
  if (best === undefined) {
    throw new Failure('NOT_FOUND');
  }
  return shape(context, personView, best.person);
