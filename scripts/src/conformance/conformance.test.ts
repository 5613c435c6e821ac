import { describe, expect, it, vi } from 'vitest'
import { runWardlight } from '../wardlight.ts'
import { CATALOGUE, checksFor, type Check } from './catalogue.ts'
import { parsePlaces } from './conformance-command.ts'
import type { Heard } from './heard.ts'
import {
  batteryProblems,
  clockProblems,
  countingProblems,
  headerProblems,
  intervalProblems,
  schemaProblems,
  timestampProblems,
} from './judge-messages.ts'
import { junitReport, reportOf, textReport } from './report.ts'

const ADDRESS = { manufacturer: 'acme', serialNumber: 'r1' }
const AT_MS = Date.UTC(2026, 0, 5, 3)

function state(change: object = {}, atMs = AT_MS): Heard {
  const body = {
    headerId: 1,
    timestamp: new Date(AT_MS).toISOString(),
    version: '3.0.0',
    ...ADDRESS,
    orderId: '',
    orderUpdateId: 0,
    lastNodeId: '',
    lastNodeSequenceId: 0,
    nodeStates: [],
    edgeStates: [],
    driving: false,
    actionStates: [],
    instantActionStates: [],
    powerSupply: { stateOfCharge: 80, charging: false },
    operatingMode: 'AUTOMATIC',
    errors: [],
    safetyState: { activeEmergencyStop: 'NONE', fieldViolation: false },
    ...change,
  }
  return { topic: 'state', text: JSON.stringify(body), body, atMs, qos: 0, retain: false }
}

describe('the catalogue', () => {
  it('has each id once, and a clause for each check', () => {
    const ids = CATALOGUE.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { clauses } of CATALOGUE as readonly Check[])
      expect(Object.values(clauses).length).toBeGreaterThan(0)
  })

  it('asks of 2.1 only what 2.1 says', () => {
    const ids = checksFor('robot', '2.1').map(({ id }) => id)
    expect(ids).toContain('R01')
    expect(ids).not.toContain('R14')
  })
})

describe('messages are judged', () => {
  it('a good state has nothing against it', () => {
    const heard = [state(), state({ headerId: 2 }, AT_MS + 10_000)]
    expect(schemaProblems(heard, '3.0', () => true)).toEqual([])
    expect(batteryProblems(heard, '3.0')).toEqual([])
    expect(headerProblems(heard, '3.0', ADDRESS)).toEqual([])
    expect(countingProblems(heard, 'state')).toEqual([])
    expect(timestampProblems(heard)).toEqual([])
    expect(intervalProblems(heard, AT_MS + 20_000)).toEqual([])
    expect(clockProblems(heard[0]!)).toEqual([])
  })

  it.each<[string, () => readonly string[], string]>([
    [
      'null in the battery',
      () => batteryProblems([state({ powerSupply: null })], '3.0'),
      'powerSupply is null',
    ],
    [
      'null in a field of it',
      () => batteryProblems([state({ powerSupply: { stateOfCharge: null, charging: false } })], '3.0'),
      'powerSupply.stateOfCharge is null',
    ],
    [
      'a field that is missing',
      () => schemaProblems([state({ errors: undefined })], '3.0', () => true),
      'errors',
    ],
    ['another version', () => headerProblems([state({ version: '2.1.0' })], '3.0', ADDRESS), '2.1.0'],
    ['another name', () => headerProblems([state({ serialNumber: 'r2' })], '3.0', ADDRESS), 'acme/r2'],
    ['a number twice', () => countingProblems([state(), state()], 'state'), 'state 1 comes after 1'],
    [
      'a number left out',
      () => countingProblems([state(), state({ headerId: 3 })], 'state'),
      '3 comes after 1',
    ],
    [
      'time that runs back',
      () => timestampProblems([state(), state({ timestamp: '2026-01-05T02:00:00.000Z' })]),
      'goes back',
    ],
    ['local time', () => timestampProblems([state({ timestamp: '2026-01-05T04:00:00+01:00' })]), '+01:00'],
    ['a clock that lies', () => clockProblems(state({}, AT_MS + 3_600_000)), '-3600.0 s'],
    ['silence', () => intervalProblems([state()], AT_MS + 40_000), '40.0 s'],
  ])('%s', (_, problems, wanted) => {
    expect(problems().join()).toContain(wanted)
  })
})

describe('the report', () => {
  const head = {
    side: 'robot' as const,
    version: '3.0' as const,
    robot: 'acme/r1',
    startedAt: '2026-01-05T03:00:00.000Z',
    durationS: 12,
  }
  const report = reportOf(
    head,
    new Map([
      ['R01', { status: 'passed' as const }],
      ['R02', { status: 'failed' as const, reason: 'quality "0" & <less>' }],
    ]),
  )

  it('never counts as passed what was not run', () => {
    expect(report.counts).toEqual({ passed: 1, failed: 1, notRun: report.checks.length - 2 })
    expect(textReport(report)).toContain('not run: the run ended before it')
  })

  it('is JUnit with the reasons', () => {
    const xml = junitReport(report)
    expect(xml).toContain('failures="1"')
    expect(xml).toContain('<failure message="quality &quot;0&quot; &amp; &lt;less&gt;"/>')
    expect(xml).toContain(`skipped="${report.counts.notRun}"`)
  })
})

it('three places and nothing else are places', () => {
  expect(parsePlaces('1,2;3,4,1.5;5,-6')).toEqual([
    { x: 1, y: 2 },
    { x: 3, y: 4, theta: 1.5 },
    { x: 5, y: -6 },
  ])
  expect(() => parsePlaces('1,2;3,4')).toThrow('three places')
})

it('its --version is that of the standard, and what is missing is said', async () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  try {
    const fleet = ['--side', 'fleet', '--broker', 'mqtt://127.0.0.1:1', '--robot', 'acme/r1']
    expect(await runWardlight(['conformance', ...fleet, '--version', '2.1'])).toBe(1)
    expect(said.mock.calls.join()).toContain('--at')
  } finally {
    said.mockRestore()
  }
})
