// Finds Mosquitto for the tests over a broker that nobody here wrote; installs Debian's where this is root on Debian.
import { existsSync } from 'node:fs'
import { installDebianPackage } from './debian.mjs'

const places = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/opt/homebrew/sbin/mosquitto']

/** @returns the broker's path, or `null` when there is none and none can be installed */
export function findOrInstallMosquitto() {
  const found = findMosquitto()
  if (found !== null) return found
  installDebianPackage('mosquitto', 'Mosquitto for the tests over a broker')
  return findMosquitto()
}

function findMosquitto() {
  const wanted = process.env.WARDLIGHT_MOSQUITTO
  if (wanted !== undefined) return existsSync(wanted) ? wanted : null
  return places.find((file) => existsSync(file)) ?? null
}
