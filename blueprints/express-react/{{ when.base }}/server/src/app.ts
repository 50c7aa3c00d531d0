import express, { type Express } from 'express';
import type { Runtime } from './context.js';
import { healthController } from './controllers/health.controller.js';
import { indexPage } from './index-page.js';
import { notFound, problem } from './middleware/problem.js';
import { requestLog } from './middleware/request-log.js';
import { requestLimit, securityHeaders } from './middleware/security.js';
import { mount, refuse } from './mount.js';
import { describe } from './openapi.js';
import { product } from './product.js';
import { referencePage } from './reference-page.js';
import { routes } from './routes.js';

/** The whole HTTP side of the service; it opens no port and no database. */
export function createApp(runtime: Runtime, isDraining: () => boolean = () => false): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', runtime.config.TRUSTED_PROXIES);
  app.set('query parser', 'simple');

  app.use(requestLog(runtime.logger));
  app.use(securityHeaders());
  app.use(healthController(runtime, isDraining));
  app.use(requestLimit(runtime.config));
  app.use(express.json({ limit: '1mb' }));

  const document = describe(product, routes);
  const pages = { '/': indexPage, '/reference': referencePage };
  for (const [path, page] of Object.entries(pages)) {
    app.get(path, (request, response) => {
      response.type('html').send(page(document, `${request.protocol}://${request.host}`));
    });
  }
  app.get('/openapi.json', (_request, response) => {
    response.json(document);
  });
  app.all([...Object.keys(pages), '/openapi.json'], refuse(['get']));

  app.use(mount(runtime, routes));
  app.use(notFound);
  app.use(problem);
  return app;
}
