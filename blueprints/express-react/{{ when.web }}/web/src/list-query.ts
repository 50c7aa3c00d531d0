import { useSearchParams } from 'react-router';
import type { Resource } from './resource.js';

export const PAGE_SIZE = 20;

export interface ListQuery {
  /** What the list is asked for. */
  readonly query: Readonly<Record<string, string | number>>;
  readonly search: string;
  readonly sort: string;
  readonly offset: number;
  readonly filters: Readonly<Record<string, string>>;
  /** Changes what is asked for, from the first page on; an empty value takes it away. */
  readonly change: (values: Readonly<Record<string, string>>) => void;
  readonly turnTo: (page: Readonly<Record<string, string>>) => void;
  readonly clear: () => void;
}

/** What a list is asked for stands in the address, so that it can be kept, shared and gone back to. */
export function useListQuery({ list }: Resource): ListQuery {
  const [params, setParams] = useSearchParams();
  const names = Object.keys(list?.filters ?? {});
  const filters = Object.fromEntries(
    names.flatMap((name) => (params.get(name) ? [[name, params.get(name) ?? '']] : [])),
  );
  const search = params.get('search') ?? '';
  const sort = params.get('sort') ?? '';
  const offset = Math.max(0, Number.parseInt(params.get('offset') ?? '0', 10) || 0);
  const cursor = params.get('cursor');
  const set = (values: Readonly<Record<string, string>>, isReplacing: boolean) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        after.delete('offset');
        after.delete('cursor');
        for (const [name, value] of Object.entries(values)) {
          if (value === '') {
            after.delete(name);
          } else {
            after.set(name, value);
          }
        }
        return after;
      },
      { replace: isReplacing },
    );
  return {
    query: {
      ...filters,
      ...(search === '' ? {} : { search }),
      ...(sort === '' ? {} : { sort }),
      ...(list?.pages === 'cursor' ? (cursor === null ? {} : { cursor }) : { offset }),
      limit: PAGE_SIZE,
    },
    search,
    sort,
    offset,
    filters,
    change: (values) => set(values, true),
    turnTo: (page) => set(page, false),
    clear: () => setParams(sort === '' ? {} : { sort }, { replace: true }),
  };
}
