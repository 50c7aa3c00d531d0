import { cleanup, screen, waitFor, within } from '@testing-library/react';
import { beforeAll, describe, expect, it } from 'vitest';
import { catalogue, type ResourceName } from '../src/catalogue.js';
import type { Field, Kind } from '../src/field.js';
import { fieldsOf, isOptional, rawValuesOf } from '../src/form-input.js';
import { addressOf, labelOf, type Panel, type Resource, type Row } from '../src/resource.js';
import { type Answer, answer, problem, serve } from './api.js';
import { rowOf, sampleOf, samplesOf } from './samples.js';
import { controlOf, enter, open } from './screen.js';

const names = Object.keys(catalogue) as ResourceName[];
const resources = await Promise.all(names.map((name) => catalogue[name].load()));
/** Whether keys are numbers: references say it. */
const isNumbered = resources.some(({ fields }) =>
  Object.values(fields).some(({ to, of }) => to !== undefined && of !== undefined),
);
const rowLike = (resource: Resource) => rowOf(resource, isNumbered ? 1 : undefined);
/** Rows of every resource in one: whichever is asked for finds what it needs. */
const everything: Row = Object.assign({}, ...resources.map(rowLike));

const TYPED: readonly Kind[] = ['text', 'multiline', 'email', 'url', 'integer', 'decimal', 'date'];

/** The fields that a form cannot be sent without. */
function neededOf({ fields, create }: Resource): [string, Field][] {
  const form = create === undefined ? {} : fieldsOf(fields, create.input);
  return Object.entries(form).filter(
    ([name, { kind }]) => kind !== 'flag' && !isOptional(create?.input.shape[name]),
  );
}

/** Asks for what a panel shows, as the page of a row does. */
function asked(panel: Panel, row: Row): Promise<unknown> {
  const path = Object.entries(panel.path).map(([name, member]) => [name, row[member]]);
  return panel.run(Object.fromEntries(path) as never);
}

async function sampleAnswer({ of, fields, gives }: Panel): Promise<Answer> {
  const told = of === undefined ? samplesOf(fields) : rowLike(await catalogue[of].load());
  const bodies = { one: told, list: [told], page: { items: [told], total: 2, next: 'x' } };
  return { body: bodies[gives] };
}

describe.each(resources.map((resource) => [resource.name, resource] as const))(
  '%s',
  (name, resource) => {
    const { path, title, plural, isListed, isShown, isCreated, isUpdated } = catalogue[name];
    const row: Row = { ...everything, ...rowLike(resource) };
    const address = `${path}/${addressOf(resource.key, row)}`;
    const needed = neededOf(resource);
    const form =
      resource.create === undefined ? {} : fieldsOf(resource.fields, resource.create.input);
    const changing =
      resource.update === undefined ? {} : fieldsOf(resource.fields, resource.update.input);
    const typed = Object.entries(changing).find(([, { kind }]) => TYPED.includes(kind));

    beforeAll(async () => {
      for (const panel of resource.panels) {
        await answer(() => asked(panel, row), await sampleAnswer(panel));
      }
    });

    it.runIf(isListed)('lists rows, each with the way to its page', async () => {
      serve([row]);
      open(path);
      expect(await screen.findByRole('heading', { name: plural })).toBeVisible();
      const table = await screen.findByRole('table', { name: plural });
      expect(within(table).getAllByRole('row')).toHaveLength(2);
      if (isShown) {
        const links = within(table).getAllByRole('link');
        expect(links.map((link) => link.getAttribute('href'))).toContain(address);
      }
    });

    it.runIf(isListed)('says that there is nothing, and how to begin', async () => {
      serve([]);
      open(path);
      expect(await screen.findByText(`There are no ${plural.toLowerCase()} yet.`)).toBeVisible();
      const ways = screen.queryAllByRole('link', { name: `New ${title.toLowerCase()}` });
      expect(ways).toHaveLength(isCreated ? 2 : 0);
    });

    it.runIf(isShown)('shows a row, and asks before it is deleted', async () => {
      const sent = serve([row], () => ({ status: 204 }));
      const user = open(address);
      const heading = await screen.findByRole('heading', { level: 1 });
      expect(heading).toHaveTextContent(labelOf(resource, row).trim());
      const button = screen.queryByRole('button', { name: 'Delete' });
      expect(button === null).toBe(resource.remove === undefined);
      if (button !== null) {
        await user.click(button);
        await user.click(
          within(screen.getByRole('dialog')).getByRole('button', { name: 'Cancel' }),
        );
        expect(sent).toEqual([]);
        await user.click(button);
        await user.click(
          within(screen.getByRole('dialog')).getByRole('button', { name: 'Delete' }),
        );
        await screen.findByText(`${labelOf(resource, row)} was deleted`);
        expect(sent.map(({ method }) => method)).toEqual(['DELETE']);
      }
    });

    it.runIf(isCreated)('sends nothing that the contract refuses, and says where', async () => {
      const sent = serve([row]);
      const user = open(`${path}/new`);
      await user.click(await screen.findByRole('button', { name: 'Create' }));
      const initial = rawValuesOf(form, (resource.create as NonNullable<Resource['create']>).input);
      const empty = needed.filter(([field]) => initial[field] === '');
      if (empty.length > 0) {
        expect(await screen.findAllByText('Fill this in')).not.toHaveLength(0);
        for (const [field] of empty) {
          expect(controlOf(form, field)).toBeInvalid();
        }
        expect(sent).toEqual([]);
      }
    });

    it.runIf(isCreated)('sends what was filled in, and shows what the server refuses', async () => {
      const [first] = Object.keys(form);
      const refusal = problem(400, 'VALIDATION_FAILED', {
        errors: [{ path: first ?? '', message: 'must be another' }],
      });
      let isRefusing = true;
      const sent = serve([row], () => (isRefusing ? refusal : { status: 201, body: row }));
      const user = open(`${path}/new`);
      await screen.findByRole('button', { name: 'Create' });
      for (const [field, declared] of needed) {
        const value = sampleOf(declared, resource.create?.input.shape[field]);
        await enter(user, declared, controlOf(form, field), value);
      }
      await user.click(screen.getByRole('button', { name: 'Create' }));
      await screen.findByText('Refused: VALIDATION_FAILED');
      if (first !== undefined) {
        expect(screen.getByText('Must be another')).toBeVisible();
        expect(controlOf(form, first)).toBeInvalid();
      }
      isRefusing = false;
      await user.click(screen.getByRole('button', { name: 'Create' }));
      await screen.findByText(/ was created$/);
      expect(sent).toHaveLength(2);
      expect(resource.create?.input.safeParse(sent[1]?.body).error).toBeUndefined();
    });

    it.runIf(isUpdated && typed !== undefined)(
      'sends what was changed, and nothing else',
      async () => {
        const [field, declared] = typed as [string, Field];
        const sent = serve([{ ...row, [field]: null }], () => ({ body: row }));
        const user = open(`${address}/edit`);
        await screen.findByRole('button', { name: 'Save' });
        const value = sampleOf(declared, resource.update?.input.shape[field]);
        await enter(user, declared, controlOf(changing, field), value);
        await user.click(screen.getByRole('button', { name: 'Save' }));
        await screen.findByText(/ was changed$/);
        const version = resource.isVersioned ? { version: 3 } : {};
        expect(sent.map(({ body }) => body)).toEqual([{ [field]: value, ...version }]);
      },
    );

    it.runIf(isUpdated && typed !== undefined && resource.isVersioned)(
      'keeps what was changed when somebody else was faster',
      async () => {
        const [field, declared] = typed as [string, Field];
        const value = sampleOf(declared, resource.update?.input.shape[field]);
        serve([{ ...row, [field]: null }], () => problem(409, 'VERSION_CONFLICT'));
        const user = open(`${address}/edit`);
        await screen.findByRole('button', { name: 'Save' });
        await enter(user, declared, controlOf(changing, field), value);
        await user.click(screen.getByRole('button', { name: 'Save' }));
        await screen.findByText('Refused: VERSION_CONFLICT');
        await waitFor(() => expect(controlOf(changing, field)).toHaveValue(String(value)));
      },
    );

    it.runIf(isShown).each(resource.panels.map((panel) => [panel.title, panel] as const))(
      'tells of a row: %s',
      async (panelTitle, panel) => {
        serve([row]);
        open(address);
        const region = await screen.findByRole('region', { name: panelTitle });
        const fields = Object.values(panel.fields);
        await (panel.of === undefined
          ? within(region).findByText(fields[0]?.title ?? '')
          : within(region).findByRole('table', { name: panelTitle }));
        const more = within(region).queryByText('There are more than these.');
        expect(more === null).toBe(panel.gives !== 'page');
        cleanup();
        await answer(() => asked(panel, row), problem(404, 'NOT_FOUND'));
        open(address);
        const empty = await screen.findByRole('region', { name: panelTitle });
        expect(await within(empty).findByText('There is nothing now.')).toBeVisible();
        await answer(() => asked(panel, row), await sampleAnswer(panel));
      },
    );

    const atOnce = resource.actions.filter(({ fields }) => fields === undefined);
    it.runIf(isShown).each(atOnce.map((action) => [action.title, action] as const))(
      'does at a press: %s',
      async (_, action) => {
        const state = Object.entries(action.when ?? {}).map(([field, values]) => [
          field,
          values[0],
        ]);
        const sent = serve([{ ...row, ...Object.fromEntries(state) }], () => ({ body: row }));
        const user = open(address);
        await user.click(await screen.findByRole('button', { name: action.title }));
        await screen.findByText(`${action.title}: done`);
        expect(sent).toHaveLength(1);
      },
    );
  },
);
