import {
  keepPreviousData,
  QueryClient,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { catalogue, type ResourceName } from './catalogue.js';
import { ProblemError } from './problem.js';
import type { Resource, Row, Run } from './resource.js';
import { session } from './session.js';

export interface Page {
  readonly items: readonly Row[];
  readonly total?: number;
  readonly next?: string | null;
}

export function createQueryClient(): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (count, error) =>
          count < 2 && !(error instanceof ProblemError && isFinal(error.problem.status)),
      },
    },
  });
  session.onEnd(() => client.clear());
  return client;
}

/** Whether asking again would be answered in the same way: what is refused, and what nobody has written yet. */
function isFinal(status: number): boolean {
  return status < 500 || status === 501;
}

/** Calls an operation with an input that the declaration of its resource makes right. */
export function call<Answer>(run: Run, input: Row): Promise<Answer> {
  return run(input as never) as Promise<Answer>;
}

export function usePage(resource: Resource, query: Row): UseQueryResult<Page> {
  const { list } = resource;
  return useQuery({
    queryKey: [resource.name, 'page', query],
    queryFn: () => (list === undefined ? { items: [] } : call<Page>(list.run, query)),
    placeholderData: keepPreviousData,
  });
}

export function useRow(resource: Resource, key: Row): UseQueryResult<Row> {
  const { get } = resource;
  return useQuery({
    queryKey: [resource.name, 'row', key],
    queryFn: () => (get === undefined ? {} : call<Row>(get, key)),
  });
}

/** How many rows are looked through for the names of those that others refer to. */
const MANY = 100;

interface Known {
  readonly resource: Resource;
  readonly rows: ReadonlyMap<string, Row>;
}

/** The first rows of a resource that others refer to, by key; asked for once. */
export function useKnown(name: ResourceName | undefined): Known | undefined {
  const { data } = useQuery({
    queryKey: [name ?? '', 'known'],
    enabled: name !== undefined && catalogue[name].isListed,
    queryFn: async () => {
      const resource = await catalogue[name as ResourceName].load();
      const page = await call<Page>(resource.list?.run as Run, { limit: MANY });
      const member = resource.key[0] ?? 'id';
      return { resource, rows: new Map(page.items.map((row) => [String(row[member]), row])) };
    },
  });
  return data;
}

/** A row that another one refers to, also where it is not among the first. */
export function useReferred(name: ResourceName | undefined, id: string | undefined) {
  const known = useKnown(name);
  const found = id === undefined ? undefined : known?.rows.get(id);
  const resource = known?.resource;
  const { data } = useQuery({
    queryKey: [name ?? '', 'row', { [resource?.key[0] ?? 'id']: id }],
    enabled: resource?.get !== undefined && id !== undefined && found === undefined,
    queryFn: () => call<Row>(resource?.get as Run, { [resource?.key[0] ?? 'id']: id }),
  });
  return { resource, row: found ?? data };
}

/**
 * Runs an operation that writes, after which nothing that was read is taken for fresh. What the
 * page shows is fetched anew, unless the page is left.
 */
export function useWrite<Answer = Row | undefined>(
  run: Run | undefined,
  { leaves = false } = {},
): UseMutationResult<Answer, Error, Row> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: Row) => {
      if (run === undefined) {
        throw new Error('This cannot be done');
      }
      return call<Answer>(run, input);
    },
    onSuccess: () => {
      void client.invalidateQueries({ refetchType: leaves ? 'none' : 'active' });
    },
  });
}
