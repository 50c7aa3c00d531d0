import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { App } from './app.js';
import { applyTheme } from './theme.js';
import './styles.css';

// The security policy of the pages forbids compiling code, which Zod would try for speed.
z.config({ jitless: true });
applyTheme();

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
