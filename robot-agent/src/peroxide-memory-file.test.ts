import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { isWardError } from '@wardlight/core/errors'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PeroxideMemory } from './missions/peroxide-memory.ts'
import { createPeroxideMemoryFile } from './peroxide-memory-file.ts'
import { ROOM } from './testing/robot-bench.ts'

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'wardlight-memory-'))
  file = path.join(folder, 'gas.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const MEMORY: PeroxideMemory = {
  missionId: 'mission-1',
  plan: {
    method: 'hpv',
    room: ROOM,
    volumeM3: 54,
    airChangesPerHour: 6,
    h2o2G: 756,
    solutionMl: 1911,
    rateGPerMin: 27,
    ceilingPpm: 860,
    targetPpm: 250,
    dwellS: 1800,
    neighbours: [{ roomId: 'corridor', name: 'the corridor' }],
    areDoorsTaped: true,
    expectedS: 9000,
  },
  awaitArmingId: 'arm',
  startPeroxideCycleId: 'cycle',
  startedAtEpochMs: 1,
  end: null,
  isDwellDone: false,
  wasGeneratorOn: true,
  ledger: {
    injectedG: 0,
    mostG: 0,
    bestDwellS: 0,
    inside: [{ sensorId: 'a', isProven: false, ppmHours: 0, longestDwellS: 0, peakPpm: 0 }],
    outside: [],
  },
  conditions: { temperatureC: 22, relativeHumidityPercent: 45 },
  interlocks: [],
  timeline: [{ at: 0, phase: 'gassing' }],
  arming: [],
  wasEvacuated: false,
}

describe('the memory of a gassed room', () => {
  it('is there for the next process, and gone once it is forgotten', () => {
    expect(createPeroxideMemoryFile(file).load()).toBeNull()
    createPeroxideMemoryFile(file).save(MEMORY)
    createPeroxideMemoryFile(file).save({ ...MEMORY, isDwellDone: true })
    expect(createPeroxideMemoryFile(file).load()).toEqual({ ...MEMORY, isDwellDone: true })
    expect(readdirSync(folder)).toEqual(['gas.json'])
    createPeroxideMemoryFile(file).save(null)
    createPeroxideMemoryFile(file).save(null)
    expect(createPeroxideMemoryFile(file).load()).toBeNull()
  })

  it('that was cut off in writing leaves the one before', () => {
    createPeroxideMemoryFile(file).save(MEMORY)
    writeFileSync(`${file}.new`, '{"version":1,"mem')
    expect(createPeroxideMemoryFile(file).load()).toEqual(MEMORY)
  })

  it('that cannot be kept says so, before any gas', () => {
    expect(() => createPeroxideMemoryFile(path.join(folder, 'no', 'gas.json')).save(MEMORY)).toThrow('ENOENT')
  })

  it.each([
    ['no JSON', '{', 'it is no JSON'],
    ['another version', '{"version":2,"memory":{}}', 'it is not of version 1'],
    ['lacking fields', '{"version":1,"memory":{}}', 'missionId'],
  ])('%s keeps the robot from coming up as if nothing were', (_, text, what) => {
    writeFileSync(file, text)
    try {
      createPeroxideMemoryFile(file).load()
    } catch (error) {
      if (!isWardError(error)) throw error
      expect(error).toMatchObject({ code: 'WARD_ERR_CONFIG', where: file })
      expect(error.what).toContain(what)
      expect(error.remedy).toContain('by hand')
      return
    }
    throw new Error('it was taken')
  })
})
