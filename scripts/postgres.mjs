// Finds PostgreSQL for the tests on the database that a hospital runs; installs Debian's where this is root on Debian.
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { installDebianPackage } from './debian.mjs'
import { say } from './setup.mjs'

/** Debian puts each version's programs into a folder of its own, outside of PATH. */
const DEBIAN_PLACE = '/usr/lib/postgresql'
const OTHER_PLACES = ['/usr/local/bin', '/opt/homebrew/bin', '/usr/bin']

/** @returns the folder of PostgreSQL's programs, or `null` when there is none and none can be installed */
export function findOrInstallPostgres() {
  const found = findPostgres()
  if (found !== null) return found
  installDebianPackage('postgresql', 'PostgreSQL for the tests on the database that a hospital runs')
  return findPostgres()
}

function findPostgres() {
  const wanted = process.env.WARDLIGHT_POSTGRES
  const places = wanted === undefined ? [...debianPlaces(), ...OTHER_PLACES] : [wanted]
  return places.find((folder) => existsSync(path.join(folder, 'initdb'))) ?? null
}

function debianPlaces() {
  if (!existsSync(DEBIAN_PLACE)) return []
  const versions = readdirSync(DEBIAN_PLACE).toSorted((a, b) => Number(b) - Number(a))
  return versions.map((version) => path.join(DEBIAN_PLACE, version, 'bin'))
}

/**
 * Starts a database server on a folder and a port of its own, for a run of tests.
 *
 * @param programs what `findOrInstallPostgres` found
 * @returns `{ url, stop }`, or `null` when it does not start; `stop` leaves nothing behind
 */
export function startPostgres(programs, port) {
  const folder = mkdtempSync(path.join(tmpdir(), 'wardlight-postgres-'))
  const user = unprivilegedUser()
  const data = path.join(folder, 'data')
  const passwordFile = path.join(folder, 'password')
  const password = randomBytes(16).toString('hex')
  writeFileSync(passwordFile, password)
  for (const each of user === null ? [] : [folder, passwordFile]) chownSync(each, user.uid, user.gid)
  chmodSync(folder, 0o700)
  const run = (program, args) =>
    spawnSync(path.join(programs, program), args, {
      ...user,
      cwd: folder,
      // Its output would be held open by the server that it leaves running.
      stdio: 'ignore',
      env: { PATH: process.env.PATH, LANG: 'C', TZ: 'UTC' },
    }).status === 0
  const stop = () => {
    run('pg_ctl', ['stop', '-D', data, '-m', 'immediate', '-w'])
    rmSync(folder, { recursive: true, force: true })
  }
  const settings = [`-p ${port}`, '-h 127.0.0.1', `-k ${folder}`, '-F', '-c max_connections=100'].join(' ')
  const isUp =
    run('initdb', [
      ...['-D', data, '-U', 'wardlight', '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
      ...['--encoding', 'UTF8', '--locale', 'C', '--no-sync'],
    ]) && run('pg_ctl', ['start', '-D', data, '-w', '-l', path.join(folder, 'log'), '-o', settings])
  if (isUp) return { url: `postgres://wardlight:${password}@127.0.0.1:${port}/postgres`, stop }
  stop()
  say('PostgreSQL does not start.')
  return null
}

/** PostgreSQL refuses to run as root. */
function unprivilegedUser() {
  if (process.getuid?.() !== 0) return null
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }))
    if (uid.status === 0 && gid.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  }
  return null
}
