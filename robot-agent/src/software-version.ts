import { readFileSync } from 'node:fs'

/** Of this program, from its package; from `dist` the way is the same. */
export const softwareVersion = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version
