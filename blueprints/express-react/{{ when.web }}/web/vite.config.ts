import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defaultClientConditions } from 'vite';
import { defineConfig } from 'vitest/config';
import { compress } from './vite-compress.js';

/** Where the server of the API listens while developing. */
const API = `http://127.0.0.1:${process.env['PORT'] ?? 3000}`;

export default defineConfig({
  base: '/app/',
  plugins: [react(), tailwindcss(), compress()],
  // The contract is bundled from its sources: what is built here needs no other build before it.
  resolve: { conditions: ['source', ...defaultClientConditions] },
  build: { target: 'es2023' },
  server: {
    port: 5173,
    proxy: { '^/(?!app/)': { target: API, changeOrigin: true } },
  },
  test: {
    environment: 'jsdom',
    include: ['tests/**/*.test.{ts,tsx}'],
    setupFiles: ['tests/setup.ts'],
    testTimeout: 30_000,
  },
});
