import { readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './paths.ts'

const { version: packageVersion } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  version: string
}

export const version = packageVersion
