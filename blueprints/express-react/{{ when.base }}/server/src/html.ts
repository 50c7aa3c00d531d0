/** Text that is safe to send as HTML. */
export interface Html {
  readonly html: string;
}

type Part = string | number | Html | readonly Html[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** HTML from a template; whatever is put into it is escaped unless it is HTML already. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: texts.reduce((before, text, index) => before + render(parts[index - 1]) + text) };
}

function render(part: Part | undefined): string {
  if (part === undefined) {
    return '';
  }
  if (typeof part === 'object') {
    return 'html' in part ? part.html : part.map((item) => item.html).join('');
  }
  return String(part).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}

const STYLE = `
  :root { color-scheme: light dark; --line: light-dark(#dcdce6, #3c3c46); --soft: light-dark(#f4f4f8, #26262e); }
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
  h1 { line-height: 1.2; } h2 { margin-top: 3rem; padding-top: 0.5rem; border-top: 1px solid var(--line); }
  code, pre { font: 0.875rem/1.5 ui-monospace, monospace; }
  pre { background: var(--soft); padding: 0.75rem 1rem; white-space: pre-wrap; border-radius: 0.375rem; }
  table { border-collapse: collapse; margin: 1rem 0; } th { white-space: nowrap; }
  th, td { text-align: left; vertical-align: top; padding: 0.25rem 1.5rem 0.25rem 0; border-bottom: 1px solid var(--line); }
  summary { cursor: pointer; } .method { text-transform: uppercase; font-weight: 600; }
`;

/** A whole page that needs nothing from elsewhere. */
export function page(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${{ html: STYLE }}</style>
</head>
<body>
<main>${body}</main>
</body>
</html>
`.html;
}
