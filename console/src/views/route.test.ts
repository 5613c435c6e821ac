import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hrefOf, parseRoute, type Route } from './route.ts'

const id = fc.string({ minLength: 1, maxLength: 20 })
const routes: fc.Arbitrary<Route> = fc.oneof(
  fc.record({ page: fc.constant('rooms' as const), levelId: fc.option(id) }),
  fc.record({ page: fc.constantFrom('room' as const, 'door' as const), roomId: id }),
  fc.record({ page: fc.constant('mission' as const), missionId: id }),
  fc.record({ page: fc.constant('report' as const), missionId: id }),
  fc.record({ page: fc.constant('robots' as const) }),
  fc.record({
    page: fc.constantFrom(
      'doorSigns' as const,
      'handOver' as const,
      'alarms' as const,
      'hl7' as const,
      'account' as const,
      'people' as const,
      'audit' as const,
      'notifications' as const,
      'compliance' as const,
    ),
  }),
  fc.record({ page: fc.constant('robot' as const), robotId: id }),
  fc.record({
    page: fc.constant('schedule' as const),
    section: fc.constantFrom('board' as const, 'plans' as const, 'hours' as const, 'zones' as const),
    id: fc.option(id),
  }),
  fc.record({
    page: fc.constant('evidence' as const),
    section: fc.constantFrom('organisms' as const, 'validations' as const, 'protocols' as const),
    id: fc.option(id),
  }),
)

describe('addresses', () => {
  it('lead back to the page they were made for, whatever the id', () => {
    fc.assert(
      fc.property(routes, (route) => {
        expect(parseRoute(hrefOf(route))).toEqual(route)
      }),
    )
  })

  it('that nobody knows lead to the rooms', () => {
    for (const hash of ['', '#', '#/', '#/nowhere/1', '#/rooms', '#/rooms/%E0%A4%A']) {
      expect(parseRoute(hash)).toEqual({ page: 'rooms', levelId: null })
    }
  })
})
