import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const repositoryRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
/** Data of others, for developers and CI; tests that use it skip, saying so, where it is absent. */
export const sharedPeers =
  process.env['WARDLIGHT_SHARED_PEERS'] ?? path.join(repositoryRoot, '..', 'shared', 'peers')
/** Where tests leave what people look at. */
export const testResults = path.join(repositoryRoot, 'test-results')
