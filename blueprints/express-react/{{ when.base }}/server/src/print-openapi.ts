import { describe } from './openapi.js';
import { product } from './product.js';
import { routes } from './routes.js';

process.stdout.write(`${JSON.stringify(describe(product, routes), null, 2)}\n`);
