import react from '@vitejs/plugin-react'
import { defaultClientConditions, defaultServerConditions, defineConfig, type Plugin } from 'vite'

/** A fleet server to develop against, e.g. `WARDLIGHT_SERVER=http://localhost:8080 npm run -w console dev`. */
const serverUrl = process.env['WARDLIGHT_SERVER']

/**
 * Without a server the development page runs on the fixture under `src/testing`. A development tool
 * only: nothing of it is part of a build.
 */
function fixtureServer(): Plugin {
  return {
    name: 'wardlight-fixture-server',
    apply: 'serve',
    async configureServer(server) {
      if (serverUrl !== undefined) return
      const fixture = await server.ssrLoadModule('/src/testing/fixture-server.ts')
      fixture['attachFixtureServer'](server.middlewares, server.httpServer)
    },
  }
}

export default defineConfig({
  root: import.meta.dirname,
  // Relative, so that the console also works below a path of a reverse proxy.
  base: './',
  plugins: [react(), fixtureServer()],
  resolve: { conditions: ['wardlight-source', ...defaultClientConditions] },
  ssr: { resolve: { conditions: ['wardlight-source', ...defaultServerConditions] } },
  build: { outDir: 'dist/app', emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 800 },
  server:
    serverUrl === undefined
      ? {}
      : { proxy: { '/api': { target: serverUrl, changeOrigin: false, ws: true } } },
})
