// Finds a Chromium for the browser tests; installs Debian's where this is root on Debian.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { installDebianPackage } from './debian.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** @returns the browser's path, or `null` when there is none and none can be installed */
export function findOrInstallChromium() {
  const found = findChromium()
  if (found !== null) return found
  installDebianPackage('chromium', 'Chromium for the browser tests')
  return findChromium()
}

function findChromium() {
  const wanted = process.env.CHROMIUM_PATH
  if (wanted !== undefined) return existsSync(wanted) ? wanted : null
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  const candidates = [...folders.flatMap((folder) => names.map((name) => path.join(folder, name))), ...places]
  return candidates.find((file) => existsSync(file) && spawnSync(file, ['--version']).status === 0) ?? null
}
