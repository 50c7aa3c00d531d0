import { errors } from '@app/contract/errors';
import { type Html, html, page } from './html.js';
import type { OpenApi } from './openapi.js';
import { curlOf } from './samples.js';

type Json = Readonly<Record<string, unknown>>;

/** The OpenAPI document as a page to read, without anything to install or to fetch. */
export function referencePage(document: OpenApi): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      operationPart(document, method, path, operation),
    ),
  );
  return page(
    `${document.info['title']}: API reference`,
    html`
    <p><a href="/">Back</a></p>
    <h1>${document.info['title'] ?? ''}: API reference</h1>
    ${operations}
    <h2>Errors</h2>
    <p>Every failed request is answered with <code>application/problem+json</code>.</p>
    <table>
      <thead><tr><th>Code</th><th>Status</th><th>Meaning</th></tr></thead>
      <tbody>${errorRows()}</tbody>
    </table>
    <h2>Shapes</h2>
    ${shapeParts(document)}`,
  );
}

function operationPart(document: OpenApi, method: string, path: string, operation: Json): Html {
  const parameters = (operation['parameters'] ?? []) as Json[];
  const responses = Object.entries(operation['responses'] as Record<string, Json>);
  return html`
    <section id="${String(operation['operationId'])}">
      <h2>${String(operation['summary'])}</h2>
      <p><code><span class="method">${method}</span> ${path}</code></p>
      ${parameters.length === 0 ? html`` : parameterTable(parameters)}
      <table>
        <thead><tr><th>Status</th><th>Answer</th></tr></thead>
        <tbody>${responses.map(
          ([status, { description }]) =>
            html`<tr><td>${status}</td><td>${String(description)}</td></tr>`,
        )}</tbody>
      </table>
      <pre>${curlOf(document, method, path)}</pre>
    </section>`;
}

function parameterTable(parameters: readonly Json[]): Html {
  return html`
      <table>
        <thead><tr><th>Parameter</th><th>In</th><th>Form</th></tr></thead>
        <tbody>${parameters.map(
          (parameter) =>
            html`<tr><td><code>${String(parameter['name'])}</code></td><td>${String(parameter['in'])}</td><td>${formOf(parameter['schema'] as Json)}</td></tr>`,
        )}</tbody>
      </table>`;
}

function formOf(schema: Json): string {
  const choices = schema['enum'] as readonly string[] | undefined;
  return choices?.join(' | ') ?? String(schema['format'] ?? schema['type'] ?? 'any');
}

function errorRows(): Html[] {
  return Object.entries(errors).map(
    ([code, { status, text }]) =>
      html`<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${text}</td></tr>`,
  );
}

function shapeParts(document: OpenApi): Html[] {
  return Object.entries(document.components.schemas).map(
    ([name, schema]) => html`
    <details id="${name}">
      <summary><code>${name}</code></summary>
      <pre>${JSON.stringify(schema, null, 2)}</pre>
    </details>`,
  );
}
