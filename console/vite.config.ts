import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { routes } from '../src/contract/routes.ts';

/**
 * Gives the console method and path of every route as plain data, so that the schemas (and zod) stay out of its bundle;
 * the types come from the contract itself.
 */
function routeTable(): Plugin {
  const id = 'virtual:route-table';
  return {
    name: 'route-table',
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load(source) {
      if (source !== `\0${id}`) return undefined;
      const table = Object.fromEntries(Object.entries(routes).map(([name, spec]) => [name, [spec.method, spec.path]]));
      return `export const routeTable = ${JSON.stringify(table)};`;
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), routeTable()],
  build: {
    outDir: '../dist/console',
    emptyOutDir: true,
    target: 'es2022',
    // Data URLs would need their own rule in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: { port: 5173, strictPort: false, proxy: { '/api': 'http://127.0.0.1:8480' } },
});
