import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import { wardError } from '@wardlight/core/errors'
import type { FastifyInstance } from 'fastify'
import { apiError } from './errors.ts'

const NOT_BUILT = `<!doctype html><html lang="en"><title>Wardlight</title>
<p>The fleet server runs, but its console is not built. Run <code>npm run build</code> and start it again.
The API is described in <a href="/api/openapi.json">/api/openapi.json</a>.</p></html>`

/** The built console, and for every path that is its own the one page that it is. */
export async function addConsole(app: FastifyInstance, consoleDir: string | null): Promise<void> {
  const directory = consoleDir !== null && existsSync(join(consoleDir, 'index.html')) ? consoleDir : null
  if (directory !== null) {
    await app.register(fastifyStatic, {
      root: directory,
      setHeaders: (reply, path) => {
        // Vite puts a hash of the content into the names of its assets.
        const isHashed = path.startsWith(join(directory, 'assets'))
        reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
      cacheControl: false,
    })
  }
  app.setNotFoundHandler((request, reply) => {
    const isPage = request.method === 'GET' && !request.url.startsWith('/api')
    if (isPage && directory !== null) return reply.sendFile('index.html')
    if (isPage && request.url === '/') return reply.code(503).type('text/html; charset=utf-8').send(NOT_BUILT)
    const error = wardError('WARD_ERR_NOT_FOUND', {
      what: `There is no ${request.method} ${request.url}`,
      remedy: 'See /api/openapi.json.',
    })
    return reply.code(404).send(apiError(error))
  })
}
