// Evaluates generated expressions: a line of JSON in, a line of JSON out; queries are asked back.
import { createInterface } from 'node:readline';
import * as runtime from './expression.js';
import { Failure } from './failure.js';

const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
let answered;

// As the drivers write it: years after 9999 without a sign, those before 1 as BC.
const written = (value) => {
  const [text, year] = [value.toISOString(), value.getUTCFullYear()];
  const digits = String(year > 0 ? year : 1 - year).padStart(4, '0');
  return `${digits}${text.slice(text.indexOf('-', 1))}${year > 0 ? '' : ' BC'}`;
};
const literal = (value) => {
  if (value === null) return 'null';
  if (value === undefined) throw new Error('undefined in a query');
  if (Array.isArray(value)) return `array[${value.map(literal).join(', ')}]`;
  if (value instanceof Date) return `'${written(value)}'`;
  return `'${String(value).replaceAll("'", "''")}'`;
};

class Query {
  constructor(strings, values) {
    this.text = strings.reduce((text, part, at) => `${text}${literal(values[at - 1])}${part}`);
  }
}
const sql = (strings, ...values) => new Query(strings, values);
const ask = (query) =>
  new Promise((resolve, reject) => {
    answered = (answer) => (answer.error ? reject(new Failure(answer.error)) : resolve(answer.value));
    say({ query });
  });

const date = (value) => (value !== null && typeof value === 'object' && '$date' in value ? new Date(value.$date) : value);
const revive = (_, value) => date(value);
const select = (value, model, where) =>
  `select ${value} from ${model.table} where (${where.text}) and ${model.live}`;
const fold = (name) => (_, model, value, where) => ask(select(name(value.text), model, where)).then(date);
const kernel = {
  sql,
  count: (_, model, where) => ask(select('count(*)', model, where)),
  exists: (_, model, where) => ask(`select exists (${select('', model, where)})`),
  sum: fold((value) => `coalesce(sum(${value}), 0)`),
  minimum: fold((value) => `min(${value})`),
  maximum: fold((value) => `max(${value})`),
  scalar: (_, query) => ask(`select ${query.text} as value`).then(date),
};

const show = (value) => {
  if (value === undefined) throw new Error('undefined');
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(String(value));
  if (value instanceof Date) return { $date: value.getTime() };
  return value instanceof Query ? value.text : value;
};

const AsyncFunction = (async () => {}).constructor;
const run = async ({ code, values }) => {
  const names = { ...runtime, ...kernel, ...JSON.parse(JSON.stringify(values), revive) };
  try {
    const plain = code.replace(/\b(sql|scalar|sum|minimum|maximum)<[^`]*?>(?=[`(])/g, '$1'); // types mean nothing here
    const body = new AsyncFunction(...Object.keys(names), `return (${plain});`);
    say({ value: show(await body(...Object.values(names))) });
  } catch (error) {
    say(error instanceof Failure ? { error: error.code } : { crash: String(error.stack ?? error) });
  }
};

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if ('answer' in message) answered(message.answer);
  else void run(message);
}
