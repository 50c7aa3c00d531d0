// Rows of a task tracker, for pages that are looked at.

const TASKS = [
  ['Write the texts', 'Amy', 5, '2026-03-02'],
  ['Choose the pictures', 'Bob', 4, '2026-03-04'],
  ['Check the colours', 'Amy', 4, '2026-03-05'],
  ['Try it with a keyboard', 'Bob', 3, '2026-03-09'],
  ['Measure the first page', 'Amy', 3, null],
  ['Publish', 'Amy', 2, '2026-03-16'],
  ['Tell everybody', 'Bob', 1, null],
];

/** Makes people, a project and its tasks over the API at an address; returns the first task. */
export async function fill(address) {
  const make = async (path, body) => {
    const headers = { 'Content-Type': 'application/json' };
    const response = await fetch(address + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) {
      throw new Error(await response.text());
    }
    return response.json();
  };
  const people = {};
  for (const name of ['Amy', 'Bob']) {
    people[name] = await make('/people', { name, email: `${name.toLowerCase()}@example.com` });
  }
  const site = await make('/projects', { key: 'WEB', name: 'Web site', leadId: people.Amy.id });
  let first;
  for (const [title, assignee, priority, dueOn] of TASKS) {
    const task = { projectId: site.id, assigneeId: people[assignee].id, title, priority, dueOn };
    const made = await make('/tasks', { ...task, estimateHours: '2.50' });
    first ??= made;
    if (priority > 4) {
      await make(`/tasks/${made.id}/start`, {});
    }
  }
  return first;
}
