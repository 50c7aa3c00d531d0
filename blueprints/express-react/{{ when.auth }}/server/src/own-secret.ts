import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** In development a secret is made at the first start and kept with the data: a service can be tried at once. */
export function withOwnSecret(environment: Environment): Environment {
  const { NODE_ENV = '', JWT_SECRET = '', DATA_FOLDER = '' } = environment;
  if (JWT_SECRET !== '' || !['', 'development'].includes(NODE_ENV)) {
    return environment;
  }
  const folder = ['', ':memory:'].includes(DATA_FOLDER) ? '.data' : DATA_FOLDER;
  const file = join(folder, 'jwt-secret');
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600 });
  }
  return { ...environment, JWT_SECRET: readFileSync(file, 'utf8') };
}
