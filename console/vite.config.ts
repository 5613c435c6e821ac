import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig } from 'vite'

/** The fleet server to develop against: `npm start`, then `npm run -w console dev`. */
const serverUrl = process.env['WARDLIGHT_SERVER'] ?? 'http://127.0.0.1:8080'

export default defineConfig({
  root: import.meta.dirname,
  // Relative, so that the console also works below a path of a reverse proxy.
  base: './',
  plugins: [react()],
  resolve: { conditions: ['wardlight-source', ...defaultClientConditions] },
  build: { outDir: 'dist/app', emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 800 },
  server: { proxy: { '/api': { target: serverUrl, ws: true } } },
})
