import { isWardError } from '@wardlight/core/errors'
import { describe, expect, it } from 'vitest'
import { readRobotConfig } from './robot-config.ts'

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
  it('fills in what is not said', () => {
    const config = readRobotConfig(`${GOOD}geometry:\n  radiusM: 0.4\n`, 'robot.yaml')
    expect(config.address).toEqual({ manufacturer: 'wardlight', serialNumber: 'uv-01' })
    expect(config.geometry).toMatchObject({ radiusM: 0.4, speedMps: 0.6 })
    expect(config.lamp.tubes).toHaveLength(8)
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
