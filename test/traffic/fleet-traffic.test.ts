import { boundsOf } from '@wardlight/core/geometry'
import { afterEach, describe, expect, it } from 'vitest'
import { isMosquittoThere, mosquittoNote, startMosquitto } from '../../scripts/src/mosquitto-process.ts'
import { until } from '../support/until.ts'
import { openHospital, TOUCHING_M } from './open-hospital.ts'

describe('robots that drive at the same time', () => {
  let open: Awaited<ReturnType<typeof openHospital>> | null = null
  afterEach(async () => {
    await open?.close()
    open = null
  })

  it('come to rooms whose ways cross, without touching, by orders that grow as claims do', async () => {
    open = await openHospital(3)
    const missions = []
    for (const roomId of ['101', 'I1', '108']) missions.push(await open.send(roomId))
    expect(new Set(missions.map(({ robotId }) => robotId)).size).toBe(3)
    await Promise.all(missions.map((mission) => open!.arrived(mission)))
    expect(open.nearestM).toBeGreaterThan(TOUCHING_M)
  }, 300_000)

  it('are told apart when one does not move: it is said, others go on, and it goes on later', async () => {
    open = await openHospital(2)
    const [first, second] = [await open.send('101'), await open.send('I1')]
    const stopped = open.hospital.world.robots.get(first.robotId)!
    await until(async () => (stopped.speedMps > 0.2 ? true : null))
    stopped.pressEmergencyStop(true)
    const errors = async (id: string) => (await open!.nurse.robots()).find((robot) => robot.id === id)!.errors
    await until(async () =>
      (await errors(first.robotId)).some(({ type }) => type === 'traffic.stalled') ? true : null,
    )
    stopped.pressEmergencyStop(false)
    await open.nurse.resumeRobot(first.robotId)
    await Promise.all([open.arrived(first), open.arrived(second)])
    expect(await errors(first.robotId)).toEqual([])
    expect(open.nearestM).toBeGreaterThan(TOUCHING_M)
  }, 300_000)

  it('go on over a restart of the server, which knows what they hold', async () => {
    open = await openHospital(3)
    const missions = []
    for (const roomId of ['101', 'I1', '108']) missions.push(await open.send(roomId))
    await until(async () =>
      [...open!.hospital.world.robots.values()].some(({ speedMps }) => speedMps > 0.3) ? true : null,
    )
    await open.restartServer()
    await Promise.all(missions.map((mission) => open!.arrived(mission)))
    expect(open.nearestM).toBeGreaterThan(TOUCHING_M)
  }, 300_000)

  it('ride a lift to a room on another floor, and are told there that they are', async () => {
    open = await openHospital(1)
    const mission = await open.send('201')
    await open.arrived(mission)
    const robot = open.hospital.world.robots.get(mission.robotId)!
    expect([robot.levelId, robot.roomId]).toEqual(['L2', '201'])
    expect((await open.nurse.robots())[0]!.position).toMatchObject({ levelId: 'L2' })
    // Given back, for people.
    await until(async () =>
      open!.plan.lifts.every(({ id }) => open!.hospital.world.lifts.status(id).sessionId === null)
        ? true
        : null,
    )
  }, 300_000)

  it('leave a lift to the people who have it, say so, and take the other one where it takes too long', async () => {
    open = await openHospital(1)
    const lift = open.plan.lifts.find(({ id }) => id === 'lift-east')!
    const { minX, minY, maxX, maxY } = boundsOf(lift.cabin)
    open.hospital.world.people.enter('L1', [{ x: (minX + maxX) / 2, y: (minY + maxY) / 2 }])
    const mission = await open.send('201')
    const errors = async () => (await open!.nurse.robots())[0]!.errors.map(({ description }) => description)
    await until(async () =>
      (await errors()).includes('It waits for East lift at L1, which people have') ? true : null,
    )
    await open.arrived(mission)
    expect(open.hospital.world.robots.get(mission.robotId)!.roomId).toBe('201')
    expect(open.hospital.world.lifts.levelOf('lift-east')).toBe('L1')
    expect(open.hospital.world.lifts.levelOf('lift-west')).toBe('L2')
  }, 300_000)

  it('is not sent into what people have, says so, and goes on when they give it back', async () => {
    open = await openHospital(1)
    const zone = { id: 'zone-lobby-2', levelId: 'L2' }
    const nowMs = Date.parse((await open.nurse.robots())[0]!.updatedAt!)
    await open.nurse.holdZone(zone.id, { reason: 'A bed', until: new Date(nowMs + 3_600_000).toISOString() })
    const mission = await open.send('201')
    const errors = async () => (await open!.nurse.robots())[0]!.errors.map(({ description }) => description)
    await until(async () =>
      (await errors()).some((words) => words.includes('people have Lift lobby, entrance')) ? true : null,
    )
    const robot = open.hospital.world.robots.get(mission.robotId)!
    expect(robot.roomId).not.toBe('201')
    await open.nurse.giveZoneBack(zone.id)
    await open.arrived(mission)
    expect(robot.roomId).toBe('201')
  }, 300_000)

  it.runIf(isMosquittoThere)(
    `ride a lift that is behind a broker, in Open-RMF's words${mosquittoNote}`,
    async () => {
      const mosquitto = await startMosquitto()
      try {
        open = await openHospital(1, mosquitto.url)
        const mission = await open.send('201')
        await open.arrived(mission)
        expect(open.hospital.world.robots.get(mission.robotId)!.roomId).toBe('201')
        await until(async () => (open!.requests.at(-1)?.endsWith(': end') === true ? true : null))
        const said = [...new Set(open.requests)]
        const [lift] = said[0]!.split(': ')
        expect(said).toEqual([`${lift}: to Ground floor`, `${lift}: to First floor`, `${lift}: end`])
        // Who rode in it is out of it, and people have it.
        const { id } = open.plan.lifts.find(({ name }) => name === lift)!
        await until(async () => (open!.hospital.world.lifts.status(id).sessionId === null ? true : null))
      } finally {
        await open?.close()
        open = null
        await mosquitto.stop()
      }
    },
    300_000,
  )
})
