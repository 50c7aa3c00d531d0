import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type RequestHandler, Router } from 'express';
import helmet from 'helmet';

/** Where the web application is found; every other address is the API's. */
const PLACE = '/app';
const BUILT = fileURLToPath(new URL('../../web/dist', import.meta.url));
const ENCODINGS = { br: 'br', gzip: 'gz' } as const;

/** The web application, if it was built: in development Vite serves it. */
export function builtSite(folder: string = BUILT): RequestHandler | undefined {
  return existsSync(join(folder, 'index.html')) ? site(folder) : undefined;
}

/**
 * Files whose names change with their content are kept for ever; the page is asked for anew each
 * time. It stands at every address of the application that is no file; a file that is not there
 * is a 404 like any other.
 */
function site(folder: string): RequestHandler {
  const router = Router();
  router.get('/', (_request, response) => response.redirect(`${PLACE}/`));
  router.use(PLACE, policy());
  router.use(`${PLACE}/assets`, compressed(join(folder, 'assets')));
  router.use(
    `${PLACE}/assets`,
    express.static(join(folder, 'assets'), { immutable: true, maxAge: '1y' }),
  );
  router.use(PLACE, express.static(folder, { index: false, redirect: false, maxAge: '1h' }));
  router.get(`${PLACE}{/*path}`, (request, response, next) => {
    if (request.path.startsWith(`${PLACE}/assets/`)) {
      next();
      return;
    }
    response.set('Cache-Control', 'no-cache').sendFile(join(folder, 'index.html'));
  });
  return router;
}

/** What a page of the application may load: what this server has, and nothing from anywhere else. */
function policy(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
  });
}

/** Names a file as it was compressed when it was built, to browsers that take it so. */
function compressed(folder: string): RequestHandler {
  return (request, response, next) => {
    response.vary('Accept-Encoding');
    const encoding = request.acceptsEncodings('br', 'gzip', 'identity');
    const ending = ENCODINGS[encoding as keyof typeof ENCODINGS];
    const isName = /^\/[\w.-]+\.(?:js|css|svg)$/.test(request.path);
    if (ending !== undefined && isName && existsSync(join(folder, `${request.path}.${ending}`))) {
      response.type(request.path.slice(request.path.lastIndexOf('.') + 1));
      response.set('Content-Encoding', encoding as string);
      request.url = request.url.replace(request.path, `${request.path}.${ending}`);
    }
    next();
  };
}
