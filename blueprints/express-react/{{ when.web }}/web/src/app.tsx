import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { BrowserRouter } from 'react-router';
import { createQueryClient } from './queries.js';
import { Pages } from './routes.js';
import { Shell } from './shell.js';

const PLACE = import.meta.env.BASE_URL.replace(/\/$/, '');

export function App() {
  const [client] = useState(createQueryClient);
  return (
    <QueryClientProvider client={client}>
      <BrowserRouter basename={PLACE}>
        <Shell>
          <Pages />
        </Shell>
      </BrowserRouter>
    </QueryClientProvider>
  );
}
