import { Agent, request } from 'node:http';

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: Readonly<Record<string, unknown>> | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How one request was answered, and after how many milliseconds. */
export interface Timed {
  readonly status: number;
  readonly text: string;
  readonly milliseconds: number;
}

/** Sends the requests over so many connections: each sends the next one as soon as it has an answer. */
export async function byConnections(
  url: string,
  requests: readonly Request[],
  connections: number,
): Promise<Timed[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const waiting = [...requests];
  const answers: Timed[] = [];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      answers.push(await timed(url, next, agent));
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
  agent.destroy();
  return answers;
}

/** Sends so many requests a second, whether or not the ones before have been answered. */
export async function byRate(
  url: string,
  requests: readonly Request[],
  rate: number,
): Promise<Timed[]> {
  const agent = new Agent({ keepAlive: true });
  const start = performance.now();
  const answers = requests.map(async (each, index) => {
    const due = start + (index * 1000) / rate;
    await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
    return timed(url, each, agent);
  });
  const all = await Promise.all(answers);
  agent.destroy();
  return all;
}

/** The time within which 95 of 100 answers came. */
export function p95(answers: readonly Timed[]): number {
  const times = answers.map(({ milliseconds }) => milliseconds).sort((one, two) => one - two);
  return times[Math.ceil(times.length * 0.95) - 1] ?? Number.POSITIVE_INFINITY;
}

function timed(url: string, asked: Request, agent: Agent): Promise<Timed> {
  const { method, path, query, body, headers } = asked;
  const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}${query}`, {
      method: method.toUpperCase(),
      agent,
      headers: { ...type, ...headers },
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => {
        const milliseconds = performance.now() - start;
        resolve({ status: response.statusCode ?? 0, text, milliseconds });
      });
    });
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
