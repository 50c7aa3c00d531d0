  const project = await load(context, projects, byKey(projects, input.id));
  const all = await findMany(context, tasks, sql`tasks.project_id = ${project.id}::uuid`);
  const parents = new Set(all.map((task) => task.parent_id));
  let done = 0;
  let whole = 0;
  for (const task of all.filter(({ id }) => !parents.has(id))) {
    // In hundredths of an hour, which are whole numbers.
    const hours = Number(multiplyDecimal(task.estimate_hours ?? 1, 100));
    done += task.status === 'done' ? hours : 0;
    whole += hours;
  }
  return { percent: whole === 0 ? 0 : Math.floor((100 * done) / whole) };
