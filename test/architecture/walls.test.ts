import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { repositoryRoot } from '../support/repository.ts'

interface Import {
  readonly file: string
  readonly specifier: string
}

/** Which rooms of the house a room may import; `scripts` and `test` put them together and are free. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  'robot-agent': ['core'],
  'fleet-server': ['core'],
  console: ['core'],
  sim: ['core'],
}

describe('the walls of the house', () => {
  for (const [room, allowed] of Object.entries(mayImport)) {
    it(`${room} imports ${allowed.length === 0 ? 'no room' : allowed.join(', ')}`, () => {
      const others = importsBelow(room).filter(({ specifier }) => {
        const other = /^@wardlight\/([^/]+)/.exec(specifier)?.[1]
        return other !== undefined && other !== room && !allowed.includes(other)
      })
      expect(others).toEqual([])
    })

    it(`${room} reaches into no other folder`, () => {
      const escapes = importsBelow(room).filter(
        ({ file, specifier }) =>
          specifier.startsWith('.') &&
          path
            .relative(path.join(repositoryRoot, room), path.resolve(path.dirname(file), specifier))
            .startsWith('..'),
      )
      expect(escapes).toEqual([])
    })
  }

  it('core does no I/O and has no clock: no Node module, no Date.now, no Math.random', () => {
    const sources = filesBelow(path.join(repositoryRoot, 'core', 'src')).filter((file) => !isTest(file))
    const offences = sources.flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => /from 'node:|(?<!platform\.)\bDate\.now\(|Math\.random\(|\bnew Date\(\)/.test(line))
        .map((line) => `${path.relative(repositoryRoot, file)}: ${line.trim()}`),
    )
    expect(offences).toEqual([])
  })

  it.each([
    [
      'fleet-server/src/domain',
      /^(fastify|@fastify\/|mqtt|ws|aedes|pg|drizzle-orm|@electric-sql)|\/store\/|\/routes\//,
    ],
    ['console/src/scene', /^react/],
    ['console/src/store', /^(react|three)/],
    ['console/src/views', /^three/],
    ['robot-agent/src/missions', /^(mqtt|rclnodejs)|\/ros\/|\/uplink\//],
    ['robot-agent/src/screen', /^(mqtt|rclnodejs)|\/ros\/|\/uplink\//],
    ['robot-agent/src/safety', /^(mqtt|rclnodejs)|\/uplink\/|\/missions\//],
  ])('%s imports nothing that matches %s', (folder, forbidden) => {
    const imports = importsBelow(folder)
    expect(imports.length).toBeGreaterThan(0)
    expect(imports.filter(({ file, specifier }) => !isTest(file) && forbidden.test(specifier))).toEqual([])
  })

  it('only robot-agent/src/ros loads rclnodejs', () => {
    const loaders = filesBelow(path.join(repositoryRoot, 'robot-agent', 'src'))
      .filter((file) => /import\(?.*['"]rclnodejs['"]/.test(readFileSync(file, 'utf8')))
      .map((file) => path.relative(repositoryRoot, file).split(path.sep).slice(0, 3).join('/'))
    expect(loaders.filter((folder) => folder !== 'robot-agent/src/ros')).toEqual([])
  })
})

function importsBelow(folder: string): Import[] {
  return filesBelow(path.join(repositoryRoot, folder)).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map(
      ([, specifier]) => ({
        file,
        specifier: specifier!,
      }),
    ),
  )
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'dist' && name !== 'node_modules')
    .flatMap((entry) => {
      const file = path.join(folder, entry.name)
      return entry.isDirectory() ? filesBelow(file) : /\.tsx?$/.test(file) ? [file] : []
    })
}

function isTest(file: string): boolean {
  return /\.test\.tsx?$|\/testing\//.test(file)
}
