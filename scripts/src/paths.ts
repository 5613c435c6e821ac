import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root: this file runs from `scripts/dist`, or from `scripts/src` under vitest. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
export const sampleHospital = path.join(root, 'sim', 'hospital', 'hospital.yaml')
export const consoleDir = path.join(root, 'console', 'dist', 'app')
