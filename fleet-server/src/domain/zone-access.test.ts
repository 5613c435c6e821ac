import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { zoneAnswers, type ZoneClaim, type ZoneScene } from './zone-access.ts'

function claim(robotId: string, status: ZoneClaim['status'] = 'REQUESTED', zoneId = 'gate'): ZoneClaim {
  return { robotId, requestId: `${robotId}-1`, zoneId, status }
}

function grantTypes(claims: readonly ZoneClaim[], scene: Partial<ZoneScene> = {}) {
  return zoneAnswers({ claims, grants: new Map(), occupants: () => [], isHeld: () => false, ...scene }).map(
    ({ grantType }) => grantType,
  )
}

describe('a zone for one robot at a time', () => {
  it('lets in who asked first, and has the others wait', () => {
    expect(grantTypes([claim('a'), claim('b')])).toEqual(['GRANTED', 'QUEUED'])
    expect(grantTypes([claim('a'), claim('b', 'REQUESTED', 'other')])).toEqual(['GRANTED', 'GRANTED'])
  })

  it('lets nobody in while people have it, and calls nobody back who was let in before', () => {
    const isHeld = (zoneId: string) => zoneId === 'gate'
    const other = claim('a', 'REQUESTED', 'other')
    expect(grantTypes([claim('a'), other], { isHeld })).toEqual(['QUEUED', 'GRANTED'])
    expect(grantTypes([claim('a', 'GRANTED'), claim('b')], { isHeld })).toEqual(['GRANTED', 'QUEUED'])
    const grants = new Map([['gate', { robotId: 'a' }]])
    expect(grantTypes([claim('a'), claim('b')], { isHeld, grants })).toEqual(['GRANTED', 'QUEUED'])
  })

  it.each<[string, Partial<ZoneScene>, readonly ZoneClaim[]]>([
    ['another was let in and may not have heard it', { grants: new Map([['gate', { robotId: 'a' }]]) }, []],
    ['another stands in it, which perhaps cannot ask', { occupants: () => ['a'] }, []],
    ['another says that it is in it', {}, [claim('a', 'GRANTED')]],
    ['another has lost its release in it', {}, [claim('a', 'EXPIRED')]],
  ])('nobody else while %s', (_, scene, others) => {
    const answers = zoneAnswers({
      claims: [claim('b'), ...others],
      grants: new Map(),
      occupants: () => [],
      isHeld: () => false,
      ...scene,
    })
    expect(answers.find(({ robotId }) => robotId === 'b')?.grantType).toBe('QUEUED')
  })

  it('who stands in it by its own release is let in again', () => {
    const scene = { grants: new Map([['gate', { robotId: 'a' }]]), occupants: () => ['a'] }
    expect(grantTypes([claim('a')], scene)).toEqual(['GRANTED'])
  })

  it('never grants one zone to two that ask, whoever is where', () => {
    const robot = fc.constantFrom('a', 'b', 'c')
    const status = fc.constantFrom<ZoneClaim['status']>('REQUESTED', 'GRANTED', 'EXPIRED', 'REVOKED')
    const zone = fc.constantFrom('gate', 'other')
    const claims = fc.uniqueArray(
      fc
        .tuple(robot, status, zone)
        .map(([robotId, told, zoneId]) => ({ ...claim(robotId, told, zoneId), requestId: robotId + zoneId })),
      { selector: ({ requestId }) => requestId },
    )
    const grants = fc.dictionary(zone, fc.record({ robotId: robot }))
    const places = fc.dictionary(zone, fc.array(robot))
    fc.assert(
      fc.property(claims, grants, places, fc.array(zone), (asked, given, at, people) => {
        const held = new Map(Object.entries(given))
        const occupants = (zoneId: string) => at[zoneId] ?? []
        const isHeld = (zoneId: string) => people.some((each) => each === zoneId)
        for (const answer of zoneAnswers({ claims: asked, grants: held, occupants, isHeld })) {
          if (answer.status !== 'REQUESTED' || answer.grantType !== 'GRANTED') continue
          const { robotId, zoneId } = answer
          if (isHeld(zoneId)) expect(held.get(zoneId)?.robotId).toBe(robotId)
          const inside = [
            ...occupants(zoneId),
            ...(held.has(zoneId) ? [held.get(zoneId)!.robotId] : []),
            ...asked
              .filter((other) => other.zoneId === zoneId && other.status !== 'REQUESTED')
              .map((other) => other.robotId),
          ]
          expect(inside.filter((other) => other !== robotId)).toEqual([])
        }
        const fresh = zoneAnswers({ claims: asked, grants: held, occupants, isHeld }).filter(
          ({ grantType, status: told }) => grantType === 'GRANTED' && told === 'REQUESTED',
        )
        expect(new Set(fresh.map(({ zoneId }) => zoneId)).size).toBe(fresh.length)
      }),
    )
  })
})
