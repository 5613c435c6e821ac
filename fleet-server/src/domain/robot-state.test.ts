import { expect, it } from 'vitest'
import { fatalError, mayBeInstructed, mayBeOrdered } from './robot-state.ts'

// VDA 5050 3.0, table 10.
it.each([
  ['AUTOMATIC', true, true, true],
  ['SEMIAUTOMATIC', true, true, true],
  ['INTERVENED', true, true, false],
  ['MANUAL', false, false, false],
  ['STARTUP', false, false, false],
  ['SERVICE', false, false, false],
  ['TEACH_IN', false, false, false],
] as const)('in mode %s: orders %s, cancelOrder %s, startPause %s', (mode, order, cancel, pause) => {
  expect(mayBeOrdered(mode)).toBe(order)
  expect(mayBeInstructed(mode, 'cancelOrder')).toBe(cancel)
  expect(mayBeInstructed(mode, 'startPause')).toBe(pause)
  expect(mayBeInstructed(mode, 'emergencyStop')).toBe(true)
})

it('only FATAL keeps a robot from every order', () => {
  expect(fatalError([{ errorType: 'a', errorLevel: 'CRITICAL' }])).toBeNull()
  expect(fatalError([{ errorType: 'b', errorLevel: 'FATAL' }])).toBe('b')
})
