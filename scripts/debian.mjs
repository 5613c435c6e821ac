// Packages that tests need and npm does not have: Debian's, where this is root on Debian.
import { existsSync } from 'node:fs'
import { run, say } from './setup.mjs'

/** Installs a package where that is allowed; elsewhere it does nothing. @param why for people, as "Installing … for …" */
export function installDebianPackage(name, why) {
  const isRootOnDebian = existsSync('/etc/debian_version') && process.getuid?.() === 0
  if (!isRootOnDebian) return
  say(`Installing ${why} …`)
  const environment = ['DEBIAN_FRONTEND=noninteractive']
  run('env', [...environment, 'apt-get', '-qq', 'update'])
  run('env', [...environment, 'apt-get', '-qq', '-y', '--no-install-recommends', 'install', name])
}
