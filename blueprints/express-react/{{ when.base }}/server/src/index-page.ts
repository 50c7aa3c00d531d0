import { html, page } from './html.js';
import type { OpenApi } from './openapi.js';
import { curlOf } from './samples.js';

/** What a browser sees first: what this is, where the reference is, and a request to try. */
export function indexPage(document: OpenApi): string {
  const paths = Object.entries(document.paths);
  const [path] = paths.find(([, operations]) => 'post' in operations) ?? paths[0] ?? [];
  const operations = path === undefined ? {} : (document.paths[path] ?? {});
  const [method] = 'post' in operations ? ['post'] : Object.keys(operations);
  const title = document.info['title'] ?? '';
  const request = html`
    <h2>A request to try</h2>
    <pre>${path === undefined || method === undefined ? '' : curlOf(document, method, path)}</pre>`;
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
    ${path === undefined ? html`` : request}`,
  );
}
