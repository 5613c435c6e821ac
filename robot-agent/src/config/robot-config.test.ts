import { readFileSync } from 'node:fs'
import { isWardError } from '@wardlight/core/errors'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readRobotConfig, RobotConfigSchema } from './robot-config.ts'

const GOOD = `version: 1
manufacturer: wardlight
serialNumber: uv-01
levelId: L1
mqtt:
  url: mqtt://localhost:1883
  passwordVariable: ROBOT_PASSWORD
`

function refusal(text: string): { where: string | undefined; what: string } {
  try {
    readRobotConfig(text, 'robot.yaml')
  } catch (error) {
    if (isWardError(error) && error.code === 'WARD_ERR_CONFIG') return error
    throw error
  }
  throw new Error('it was taken')
}

describe('the configuration of a robot', () => {
  it('is shown whole by an example that is right', () => {
    const file = new URL('../../robot.example.yaml', import.meta.url)
    const config = readRobotConfig(readFileSync(file, 'utf8'), 'robot.example.yaml')
    expect(config.lampTubes.map(({ id }) => id)).toEqual(['A17', 'B04'])
    expect(config.rosNames.size).toBe(2)
    expect(config.calibrations).toEqual([
      {
        instrument: 'UV sensors of the tubes',
        calibratedOn: '2026-03-31',
        by: 'Medical engineering, M. Keller',
        validUntil: '2027-03-31',
        certificate: 'UV-2026-0142',
      },
    ])
    const unitFile = new URL('../../unit.example.yaml', import.meta.url)
    expect(readRobotConfig(readFileSync(unitFile, 'utf8'), 'unit.example.yaml').geometry.fixed).toEqual({
      at: { x: 1.25, y: 5.85, theta: -1.571 },
      power: 'mains',
    })
    const shown = new Set(
      [file, unitFile].flatMap((each) => Object.keys(parse(readFileSync(each, 'utf8')) as object)),
    )
    expect([...shown].toSorted()).toEqual(Object.keys(RobotConfigSchema.properties).toSorted())
  })

  it('of a unit that is fixed in a room takes no vaporiser, and half a place is none', () => {
    const fixed = `${GOOD}fixed: { x: 1, y: 2, theta: 0 }\n`
    expect(readRobotConfig(fixed, 'robot.yaml').geometry.fixed).toEqual({
      at: { x: 1, y: 2, theta: 0 },
      power: 'mains',
    })
    expect(readRobotConfig(GOOD, 'robot.yaml').geometry.fixed).toBeUndefined()
    const vaporiser = 'vaporiser: { method: hpv, maxRateGPerMin: 60, tankMl: 5000, memoryFile: /gas.json }\n'
    expect(refusal(`${fixed}${vaporiser}`)).toMatchObject({ where: 'robot.yaml:9' })
    expect(refusal(`${GOOD}fixed: { x: 1, y: 2 }\n`).what).toContain('fixed')
  })

  it('fills in what is not said', () => {
    const config = readRobotConfig(`${GOOD}geometry:\n  radiusM: 0.4\n`, 'robot.yaml')
    expect(config.address).toEqual({ manufacturer: 'wardlight', serialNumber: 'uv-01' })
    expect(config.geometry).toMatchObject({ radiusM: 0.4, speedMps: 0.6 })
    expect(config.lamp.tubes).toHaveLength(8)
    expect(config.stateFolder).toBeUndefined()
  })

  it('takes a folder for what the robot remembers, and refuses one without a name', () => {
    expect(readRobotConfig(`${GOOD}stateFolder: /var/lib/wardlight\n`, 'robot.yaml').stateFolder).toBe(
      '/var/lib/wardlight',
    )
    expect(refusal(`${GOOD}stateFolder: ''\n`)).toMatchObject({
      where: 'robot.yaml:8',
      what: expect.stringContaining('stateFolder'),
    })
  })

  it('takes cameras by their topics, with what detectors usually say, and refuses a topic that is none', () => {
    expect(readRobotConfig(GOOD, 'robot.yaml').cameras).toEqual([])
    const cameras =
      'cameras:\n  - topic: /front/detections\n  - { topic: /rear, personClass: "0", minScore: 0.5 }\n'
    expect(readRobotConfig(`${GOOD}${cameras}`, 'robot.yaml').cameras).toEqual([
      { topic: '/front/detections', personClass: 'person', minScore: 0.3 },
      { topic: '/rear', personClass: '0', minScore: 0.5 },
    ])
    expect(refusal(`${GOOD}${cameras.replace('/rear', 'rear view')}`)).toMatchObject({
      where: 'robot.yaml:10',
      what: expect.stringContaining('cameras.1.topic'),
    })
  })

  it('has a vaporiser only when it is named', () => {
    expect(readRobotConfig(GOOD, 'robot.yaml').vaporiser).toBeNull()
    const vaporiser =
      'vaporiser: { method: hpv, maxRateGPerMin: 60, tankMl: 5000, memoryFile: /var/lib/wardlight/gas.json }\n'
    expect(readRobotConfig(`${GOOD}${vaporiser}`, 'robot.yaml').vaporiser).toEqual({
      method: 'hpv',
      maxRateGPerMin: 60,
      tankMl: 5000,
      memoryFile: '/var/lib/wardlight/gas.json',
    })
    expect(refusal(`${GOOD}${vaporiser.replace('hpv', 'steam')}`)).toMatchObject({
      where: 'robot.yaml:8',
      what: expect.stringContaining('vaporiser.method'),
    })
    expect(refusal(`${GOOD}vaporiser: { method: hpv, maxRateGPerMin: 60, tankMl: 5000 }\n`)).toMatchObject({
      where: 'robot.yaml:8',
      what: expect.stringContaining('memoryFile'),
    })
  })

  const LAMP = `${GOOD}lamp:
  name: x
  ratedLifeHours: 8000
  tubes:
    - { x: 0, y: 0.1, zBottomM: 0.3, zTopM: 1.5, radiantPowerW: 40, hours: 2000 }
    - { x: 0, y: -0.1, zBottomM: 0.3, zTopM: 1.5, radiantPowerW: 40, hours: 2000, outputFraction: 0.95 }
`

  it('takes the age of tubes for what they give, and a measured output before that', () => {
    const { lamp } = readRobotConfig(LAMP, 'robot.yaml')
    expect(lamp.tubes[0]!.outputFraction).toBeCloseTo(0.85, 9)
    expect(lamp.tubes[1]!.outputFraction).toBe(0.95)
    expect(lamp.distanceCorrections).toBeUndefined()
  })

  it('counts the hours of tubes on by their ids, which are their own', () => {
    const { lampTubes } = readRobotConfig(
      LAMP.replace('hours: 2000 }', 'hours: 2000, id: A17 }'),
      'robot.yaml',
    )
    expect(lampTubes).toEqual([
      { id: 'A17', hoursWhenFitted: 2000, ratedLifeHours: 8000, isMeasured: false },
      { id: '2', hoursWhenFitted: 2000, ratedLifeHours: 8000, isMeasured: true },
    ])
    expect(refusal(LAMP.replaceAll('hours: 2000', 'hours: 2000, id: A17'))).toMatchObject({
      where: 'robot.yaml:13',
      what: 'lamp.tubes.1.id: there are two tubes A17',
    })
  })

  it('takes a measured curve, and says where one cannot be right', () => {
    const curve = (far: number) =>
      `${LAMP}  measuredCurve:\n    heightM: 0.9\n    points: [{ distanceM: 1, mwPerCm2: 0.6 }, { distanceM: 3, mwPerCm2: ${far} }]\n`
    expect(readRobotConfig(curve(0.07), 'robot.yaml').lamp.distanceCorrections).toHaveLength(2)
    expect(refusal(curve(0.7))).toMatchObject({
      where: 'robot.yaml:14',
      what: expect.stringContaining('follows'),
    })
    expect(refusal(LAMP.replace('hours: 2000 }', 'hours: 8001 }'))).toMatchObject({
      where: 'robot.yaml:12',
      what: expect.stringContaining('its rated life is 8000 h'),
    })
  })

  it('takes limits that are stricter than the usual ones, and refuses laxer ones', () => {
    expect(readRobotConfig(GOOD, 'robot.yaml').limits).toEqual({
      exitDelayMs: 8000,
      lampCapMs: 30 * 60_000,
      minBatteryFraction: 0.1,
    })
    const strict = `${GOOD}limits:\n  exitDelayS: 20\n  lampCapMin: 15\n  minBatteryFraction: 0.25\n`
    expect(readRobotConfig(strict, 'robot.yaml').limits).toEqual({
      exitDelayMs: 20_000,
      lampCapMs: 15 * 60_000,
      minBatteryFraction: 0.25,
    })
    for (const lax of ['exitDelayS: 7', 'lampCapMin: 31', 'minBatteryFraction: 0.05']) {
      const error = refusal(`${GOOD}limits:\n  ${lax}\n`)
      expect(error.where).toBe('robot.yaml:9')
      expect(error.what).toContain(lax.split(':')[0])
    }
  })

  it('takes the names that the robot has for its topics and actions, each for one thing only', () => {
    const topics = (lines: string) => `${GOOD}topics:\n${lines}`
    const names = '  scan: /front_lidar/scan\n  navigateToPose: /nav/to_pose\n'
    expect([...readRobotConfig(topics(names), 'robot.yaml').rosNames]).toEqual([
      ['/scan', '/front_lidar/scan'],
      ['/navigate_to_pose', '/nav/to_pose'],
    ])
    expect(refusal(topics('  scan: front lidar\n'))).toMatchObject({
      where: 'robot.yaml:9',
      what: expect.stringContaining('topics.scan'),
    })
    expect(refusal(topics('  lidar: /scan\n')).what).toContain('topics.lidar is not known here')
    expect(refusal(topics('  bumper: /arm_button/pressed\n'))).toMatchObject({
      where: 'robot.yaml:9',
      what: 'topics.bumper: /arm_button/pressed is armButton and bumper',
    })
    // Two that change their names are no quarrel.
    const swapped = '  bumper: /arm_button/pressed\n  armButton: /bumper/pressed\n'
    expect(readRobotConfig(topics(swapped), 'robot.yaml').rosNames.size).toBe(2)
  })

  it('serves no screen unless it is asked to, then to the robot alone and not as its arm button', () => {
    expect(readRobotConfig(GOOD, 'robot.yaml').screen).toBeNull()
    expect(readRobotConfig(`${GOOD}screen: { port: 8090 }\n`, 'robot.yaml').screen).toEqual({
      port: 8090,
      host: '127.0.0.1',
      armButton: false,
    })
    expect(
      readRobotConfig(`${GOOD}screen: { port: 8090, host: localhost, armButton: true }\n`, 'robot.yaml')
        .screen,
    ).toEqual({ port: 8090, host: 'localhost', armButton: true })
  })

  it.each([
    ['a wrong port', '  port: 0\n', 'robot.yaml:9', 'screen.port'],
    ['every network', '  port: 8090\n  host: 0.0.0.0\n', 'robot.yaml:10', 'every network'],
    ['every network, of IPv6', "  port: 8090\n  host: '::'\n", 'robot.yaml:10', 'every network'],
    [
      'an arm button that others reach',
      '  port: 8090\n  host: 192.168.7.2\n  armButton: true\n',
      'robot.yaml:11',
      'a person at the robot',
    ],
  ])('refuses a screen with %s', (_, lines, where, what) => {
    const error = refusal(`${GOOD}screen:\n${lines}`)
    expect(error.where).toBe(where)
    expect(error.what).toContain(what)
  })

  it.each([
    ['a wrong value', GOOD.replace('mqtt://localhost:1883', 'localhost'), 'robot.yaml:6', 'mqtt.url'],
    ['a wrong version', GOOD.replace('version: 1', 'version: 2'), 'robot.yaml:1', 'version'],
    ['something missing', GOOD.replace('levelId: L1\n', ''), 'robot.yaml:1', 'levelId'],
    ['a slip of the pen', `${GOOD}geometri:\n  radiusM: 1\n`, 'robot.yaml:8', 'geometri is not known here'],
    [
      'a tube without power',
      `${GOOD}lamp:\n  name: x\n  outputFraction: 1\n  tubes:\n    - x: 0\n`,
      'robot.yaml:12',
      'lamp.tubes.0',
    ],
    ['broken YAML', `${GOOD}  - x: [`, 'robot.yaml:8', ''],
  ])('refuses %s with line and reason', (_, text, where, what) => {
    const error = refusal(text)
    expect(error.where).toBe(where)
    expect(error.what).toContain(what)
  })
})
