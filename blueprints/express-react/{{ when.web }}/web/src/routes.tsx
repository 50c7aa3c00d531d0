import { lazy, type ReactNode } from 'react';
import { Navigate, type RouteObject, useRoutes } from 'react-router';
import { type CatalogueEntry, catalogue } from './catalogue.js';
import { NotFoundPage } from './pages/not-found-page.js';
import type { Resource } from './resource.js';

type Page = (props: { readonly resource: Resource }) => ReactNode;

/** A page and the resource it is about, both loaded when it is first seen. */
function page(entry: CatalogueEntry, load: () => Promise<Page>): ReactNode {
  const Loaded = lazy(async () => {
    const [Shown, resource] = await Promise.all([load(), entry.load()]);
    return { default: () => <Shown resource={resource} /> };
  });
  return <Loaded key={entry.path} />;
}

const pages = {
  list: async () => (await import('./pages/list-page.js')).ListPage,
  create: async () => (await import('./pages/create-page.js')).CreatePage,
  detail: async () => (await import('./pages/detail-page.js')).DetailPage,
  edit: async () => (await import('./pages/edit-page.js')).EditPage,
} as const;

/** The pages of a resource, each where the API can do it. */
function routesOf(entry: CatalogueEntry): RouteObject[] {
  const { path, isListed, isCreated, isShown, isUpdated } = entry;
  return [
    ...(isListed ? [{ path, element: page(entry, pages.list) }] : []),
    ...(isCreated ? [{ path: `${path}/new`, element: page(entry, pages.create) }] : []),
    ...(isShown ? [{ path: `${path}/:key`, element: page(entry, pages.detail) }] : []),
    ...(isUpdated ? [{ path: `${path}/:key/edit`, element: page(entry, pages.edit) }] : []),
  ];
}

const entries = Object.values(catalogue);
const first = entries.find(({ isListed }) => isListed);

export const routes: readonly RouteObject[] = [
  ...entries.flatMap(routesOf),
  ...(first === undefined ? [] : [{ path: '/', element: <Navigate to={first.path} replace /> }]),
  { path: '*', element: <NotFoundPage /> },
];

/** The page that the address names. */
export function Pages(): ReactNode {
  return useRoutes([...routes]);
}
