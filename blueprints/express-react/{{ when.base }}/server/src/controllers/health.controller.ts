import { Router } from 'express';
import { sql } from 'kysely';
import type { Runtime } from '../context.js';
import { Failure } from '../failure.js';
import { isPassing } from '../violations.js';

/** `/health/live`: the process answers. `/health/ready`: it can also serve requests. */
export function healthController(runtime: Runtime, isDraining: () => boolean): Router {
  const router = Router();
  router.get('/health/live', (_request, response) => {
    response.json({ status: 'live' });
  });
  router.get('/health/ready', async (_request, response) => {
    if (isDraining()) {
      throw new Failure('UNAVAILABLE');
    }
    try {
      await sql`select 1`.execute(runtime.database);
    } catch (error) {
      throw isPassing(error) ? error : new Failure('UNAVAILABLE');
    }
    response.json({ status: 'ready' });
  });
  return router;
}
