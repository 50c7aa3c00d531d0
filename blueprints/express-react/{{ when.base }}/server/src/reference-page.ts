import { errors } from '@app/contract/errors';
import { type Html, html, page } from './html.js';
import type { OpenApi } from './openapi.js';
import { curlOf, ORIGIN } from './samples.js';

type Json = Readonly<Record<string, unknown>>;

interface Described {
  readonly method: string;
  readonly path: string;
  readonly operation: Json;
}

/** The OpenAPI document as a page to read, without anything to install or to fetch. */
export function referencePage(document: OpenApi, origin: string = ORIGIN): string {
  const title = document.info['title'] ?? '';
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
  return page(
    `${title}: API reference`,
    html`
    <p><a href="/">${title}</a></p>
    <h1>API reference</h1>
    <nav aria-label="Operations">${contents(operations)}
    <p><a href="#errors">Errors</a>, <a href="#shapes">shapes</a></p>
    </nav>
    ${operations.map((described) => operationPart(document, described, origin))}
    <h2 id="errors">Errors</h2>
    <p>Every failed request is answered with <code>application/problem+json</code>.</p>
    ${table(['Code', 'Status', 'Meaning'], errorRows())}
    <h2 id="shapes">Shapes</h2>
    ${shapeParts(document)}`,
  );
}

function contents(operations: readonly Described[]): Html[] {
  const tagOf = ({ operation }: Described) => String((operation['tags'] as string[])[0]);
  return [...new Set(operations.map(tagOf))].map((tag) => {
    const own = operations.filter((described) => tagOf(described) === tag);
    return html`
    <p><b>${tag}</b> ${own.map(
      ({ operation }) =>
        html` · <a href="#${String(operation['operationId'])}">${String(operation['summary'])}</a>`,
    )}</p>`;
  });
}

function operationPart(document: OpenApi, described: Described, origin: string): Html {
  const { method, path, operation } = described;
  const parameters = (operation['parameters'] ?? []) as Json[];
  const responses = Object.entries(operation['responses'] as Record<string, Json>);
  const body = shapeOf(operation['requestBody'] as Json | undefined);
  return html`
    <section id="${String(operation['operationId'])}">
      <h2>${String(operation['summary'])}</h2>
      <p><code><span class="method">${method}</span> ${path}</code></p>
      ${body === undefined ? html`` : html`<p>Body: ${link(body)}</p>`}
      ${parameters.length === 0 ? html`` : table(['Parameter', 'In', 'Form'], parameters.map(parameterRow))}
      ${table(['Status', 'Answer'], responses.map(answerRow))}
      <pre>${curlOf(document, method, path, origin)}</pre>
    </section>`;
}

function table(heads: readonly string[], rows: readonly Html[]): Html {
  return html`
      <table>
        <thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
        <tbody>${rows}</tbody>
      </table>`;
}

function parameterRow({ name, in: place, schema }: Json): Html {
  return html`<tr><td><code>${String(name)}</code></td><td>${String(place)}</td><td>${formOf(schema as Json)}</td></tr>`;
}

function formOf(schema: Json): string {
  const { enum: choices, format, type, description, minimum, maximum } = schema;
  const form = (choices as string[] | undefined)?.join(' | ') ?? String(format ?? type ?? 'any');
  const isBetween = minimum !== undefined && maximum !== undefined;
  const limits = isBetween ? `${minimum} to ${maximum}` : description;
  return limits === undefined ? form : `${form}, ${limits}`;
}

function answerRow([status, response]: [string, Json]): Html {
  const shape = Number(status) < 400 ? shapeOf(response) : undefined;
  const answer = shape === undefined ? html`${String(response['description'])}` : link(shape);
  return html`<tr><td>${status}</td><td>${answer}</td></tr>`;
}

/** The name of the shape that a body has, if it has a name. */
function shapeOf(body: Json | undefined): string | undefined {
  const content = body?.['content'] as Record<string, { schema: Json }> | undefined;
  const schema = content?.['application/json']?.schema;
  return schema?.['$ref']?.toString().split('/').at(-1);
}

function link(shape: string): Html {
  return html`<a href="#${shape}"><code>${shape}</code></a>`;
}

function errorRows(): Html[] {
  return Object.entries(errors).map(
    ([code, { status, text }]) =>
      html`<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${text}</td></tr>`,
  );
}

/** A browser opens what a link leads into, so the name stands inside. */
function shapeParts(document: OpenApi): Html[] {
  return Object.entries(document.components.schemas).map(
    ([name, schema]) => html`
    <details>
      <summary><code>${name}</code></summary>
      <pre id="${name}">${JSON.stringify(schema, null, 2)}</pre>
    </details>`,
  );
}
