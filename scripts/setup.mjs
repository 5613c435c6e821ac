// Makes a fresh clone runnable: checks Node, installs, builds. Nothing but Node is needed to run it.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const installStamp = path.join(root, 'node_modules', '.wardlight-installed')
const consoleStamp = path.join(root, 'console', 'dist', 'app', '.wardlight-built')
/** Node gives this code when an argument or the environment is wrong; a shell script can tell it from a failure. */
const wrongEnvironment = 2

/** Installs and builds what has changed since the last time; a second call takes about a second. */
export function setUp() {
  requireNode()
  install()
  build()
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  fail(`Wardlight needs Node 20.19 or later, this is ${process.versions.node}. Install Node 20, 22 or 24.`)
}

export function install() {
  const wanted = fingerprint([path.join(root, 'package-lock.json'), path.join(root, 'package.json')])
  if (existsSync(installStamp) && readFileSync(installStamp, 'utf8') === wanted) return
  say('Installing packages (the first time takes a minute or two) …')
  const npm = process.env.npm_execpath
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  const result =
    npm !== undefined && npm.endsWith('.js')
      ? run(process.execPath, [npm, ...args])
      : run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args)
  if (result !== 0) {
    fail(
      'The packages could not be installed. Check that this machine reaches the npm registry, then try again.',
    )
  }
  writeFileSync(installStamp, wanted)
}

export function build() {
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  if (run(process.execPath, [tsc, '-b']) !== 0) fail('The sources do not compile; see above.')
  const wanted = fingerprint([
    ...sourcesBelow(path.join(root, 'console')),
    ...sourcesBelow(path.join(root, 'core', 'src')),
    path.join(root, 'package-lock.json'),
  ])
  if (existsSync(consoleStamp) && readFileSync(consoleStamp, 'utf8') === wanted) return
  say('Building the console …')
  const vite = path.join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  if (run(process.execPath, [vite, 'build', '--logLevel', 'warn'], path.join(root, 'console')) !== 0) {
    fail('The console does not build; see above.')
  }
  mkdirSync(path.dirname(consoleStamp), { recursive: true })
  writeFileSync(consoleStamp, wanted)
}

/** Runs a program of this project with its output on standard error, so that standard output stays the command's own. */
export function run(command, args, cwd = root) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ['ignore', 2, 2] })
  if (error !== undefined) fail(`${command} could not be started: ${error.message}`)
  return status ?? 1
}

function sourcesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'dist' && name !== 'node_modules')
    .flatMap((entry) => {
      const file = path.join(folder, entry.name)
      return entry.isDirectory() ? sourcesBelow(file) : [file]
    })
    .toSorted((a, b) => (a < b ? -1 : 1))
}

function fingerprint(files) {
  const hash = createHash('sha256').update(process.versions.node)
  for (const file of files) {
    const { size } = statSync(file)
    hash.update(`${path.relative(root, file)}\0${size}\0`).update(readFileSync(file))
  }
  return hash.digest('hex')
}

export function say(text) {
  process.stderr.write(`${text}\n`)
}

export function fail(text) {
  say(text)
  process.exit(wrongEnvironment)
}
