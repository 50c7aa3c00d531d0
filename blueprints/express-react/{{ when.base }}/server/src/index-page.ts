import { type Html, html, page } from './html.js';
import type { OpenApi } from './openapi.js';
import { curlOf, ORIGIN, UNKNOWN_ID } from './samples.js';

/** What a browser sees first: what this is, where the reference is, and a request to try. */
export function indexPage(document: OpenApi, origin: string = ORIGIN): string {
  const title = document.info['title'] ?? '';
  return page(
    title,
    html`
    <h1>${title}</h1>
    <p>${document.info['description'] ?? 'The service is running.'}</p>
    <ul>
      <li><a href="/reference">API reference</a></li>
      <li><a href="/openapi.json">OpenAPI document</a></li>
      <li><a href="/health/ready">Is it ready?</a></li>
    </ul>
    ${requestToTry(document, origin)}`,
  );
}

/** Best is one that makes something and needs nothing that has to be there before. */
function requestToTry(document: OpenApi, origin: string): Html {
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({
      isCreating: method === 'post' && !path.includes('{'),
      request: curlOf(document, method, path, origin),
    })),
  );
  const creating = all.filter(({ isCreating }) => isCreating);
  const independent = creating.find(({ request }) => !request.includes(UNKNOWN_ID));
  const [best] = [independent ?? [], creating, all].flat();
  return best === undefined
    ? html``
    : html`
    <h2>A request to try</h2>
    <pre>${best.request}</pre>`;
}
