  const task = await load(context, tasks, byKey(tasks, input.id));
  const until = dateOf(task.done_at ?? context.now, 'UTC');
  const aDay = 24 * 60 * 60 * 1000;
  let workingDays = 0;
  if (task.due_on !== null) {
    for (
      let day = addDays(task.due_on, aDay);
      compareDate(day, until) <= 0;
      day = addDays(day, aDay)
    ) {
      workingDays += weekdayOf(day) <= 5 ? 1 : 0;
    }
  }
  return { late: workingDays > 0, workingDays };
