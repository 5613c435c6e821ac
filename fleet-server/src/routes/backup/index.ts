import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { BackupSummary } from '../../store/backup.ts'

export const backupRoutes: FastifyPluginAsyncTypebox<{
  backUp: (file: string) => Promise<BackupSummary>
}> = async (app, { backUp }) => {
  app.get(
    '/api/backup',
    { config: { roles: ['administrator'], wards: 'none', isReadingRecorded: true } },
    async (_request, reply) => {
      // Not straight onto the line: nobody who is slow to take it may hold the database meanwhile.
      const folder = await mkdtemp(join(tmpdir(), 'wardlight-backup-'))
      const remove = () => rm(folder, { recursive: true, force: true })
      try {
        const file = join(folder, 'backup')
        await backUp(file)
        const stream = createReadStream(file)
        stream.on('close', () => {
          remove().catch((err: unknown) => app.log.error({ err, folder }, 'A backup was left lying'))
        })
        return reply
          .type('application/octet-stream')
          .header('content-disposition', 'attachment; filename="wardlight.backup"')
          .send(stream)
      } catch (error) {
        await remove()
        throw error
      }
    },
  )
}
