import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'

export async function addOpenApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Wardlight fleet server', version },
      components: {
        securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'wardlight_session' } },
      },
      security: [{ session: [] }],
    },
  })
  app.get('/api/openapi.json', { config: { roles: 'anyone' }, schema: { hide: true } }, async () =>
    app.swagger(),
  )
}
