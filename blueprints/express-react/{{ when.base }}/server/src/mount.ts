import { type Request, type RequestHandler, type Response, Router } from 'express';
import { createContext, type Runtime } from './context.js';
import { Failure } from './failure.js';
import type { Method, Route } from './route.js';

/** All routes, and for each path an answer to the methods that it does not take. */
export function mount(runtime: Runtime, routes: readonly Route[]): Router {
  const router = Router();
  for (const [path, group] of groupsOf(routes)) {
    const address = path.replace(/\{(\w+)\}/g, ':$1');
    for (const route of group) {
      router[route.method](address, handlerOf(runtime, route));
    }
    router.all(address, refuse(group.map((route) => route.method)));
  }
  return router;
}

/** Paths with fewer parameters go first, so that `/tasks/next` is not taken for an id. */
function groupsOf(routes: readonly Route[]): [string, Route[]][] {
  const paths = [...new Set(routes.map((route) => route.path))];
  const rank = (path: string) => path.replace(/\{\w+\}/g, '\uffff');
  return paths
    .sort((left, right) => (rank(left) < rank(right) ? -1 : 1))
    .map((path) => [path, routes.filter((route) => route.path === path)]);
}

function handlerOf(runtime: Runtime, route: Route): RequestHandler {
  return async (request, response) => {
    const context = createContext(runtime, response.locals['logger']);
    const output = await route.run(context, route.request.parse(request) as never);
    response.status(route.status);
    if (output === undefined) {
      response.end();
      return;
    }
    if (route.location !== undefined) {
      const found = output as Readonly<Record<string, unknown>>;
      response.location(route.location.replace(/\{(\w+)\}/g, (_, name) => String(found[name])));
    }
    response.json(output);
  };
}

export function refuse(methods: readonly Method[]): RequestHandler {
  const allowed = [...methods.flatMap((method) => (method === 'get' ? ['get', 'head'] : method))];
  const allow = [...allowed, 'options'].join(', ').toUpperCase();
  return (request: Request, response: Response) => {
    response.set('Allow', allow);
    if (request.method === 'OPTIONS') {
      response.status(204).end();
      return;
    }
    throw new Failure('METHOD_NOT_ALLOWED');
  };
}
