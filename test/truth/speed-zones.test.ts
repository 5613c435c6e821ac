import { findRoom, readFloorPlan, roomStandingPose, routeBetween } from '@wardlight/core/floor'
import { distanceToBoundary, isInsidePolygon, rectangle } from '@wardlight/core/geometry'
import { VDA5050_VERSION, vda5050Topic } from '@wardlight/core/vda5050'
import { expect, it } from 'vitest'
import { driveOrder } from '../../fleet-server/src/domain/orders.ts'
import { nodePlanFiles } from '../../scripts/src/node-plan-files.ts'
import { sampleHospital } from '../../scripts/src/paths.ts'
import { ROBOT_CLEARANCE_M } from '../../scripts/src/simulated-hospital.ts'
import { onSettledStage, ROBOT_ADDRESS, served } from '../../scripts/src/treatment-stage.ts'

const { plan: floor } = readFloorPlan(sampleHospital, nodePlanFiles)
const LIMIT_MPS = 0.2

it('a robot truly is slow wherever any of it is in a zone with a speed limit, and gets through', async () => {
  const found = findRoom(floor, 'I1')
  const { level, room } = found
  await onSettledStage({ floor, found, seed: 3 }, undefined, async (stage) => {
    const { handle, post } = stage
    const there = { ...roomStandingPose(level, room, ROBOT_CLEARANCE_M), theta: 0 }
    const route = routeBetween(level, handle.estimatedPose, there)
    const middle = route[Math.floor(route.length / 2)]!
    const vertices = [...rectangle(middle, 2, 2)].map(({ x, y }) => ({ x, y }))
    const zones = [{ zoneId: 'slow', zoneType: 'SPEED_LIMIT', vertices, maximumSpeed: LIMIT_MPS }]
    const zoneSet = { mapId: level.id, zoneSetId: 'set-1', zones }
    const header = {
      headerId: 1,
      timestamp: new Date(stage.clock.epochMs()).toISOString(),
      version: VDA5050_VERSION,
      ...ROBOT_ADDRESS,
    }
    await stage.publish(vda5050Topic(ROBOT_ADDRESS, 'zoneSet'), JSON.stringify({ ...header, zoneSet }))
    await served(() => post.state?.zoneSets?.length === 1)
    await stage.action('enableZoneSet', [{ key: 'zoneSetId', value: 'set-1' }])
    await served(() => post.state?.zoneSets?.[0]?.zoneSetStatus === 'ENABLED')
    let fastestInside = 0
    let fastestOutside = 0
    const measure = () => {
      const { truePose, speedMps } = handle
      const touches =
        isInsidePolygon(truePose, vertices) ||
        distanceToBoundary(truePose, vertices) <= ROBOT_CLEARANCE_M - 0.1
      if (touches) fastestInside = Math.max(fastestInside, speedMps)
      else fastestOutside = Math.max(fastestOutside, speedMps)
    }
    await stage.order((head, from) =>
      driveOrder({
        head,
        orderId: 'through',
        levelId: level.id,
        route: routeBetween(level, from, there),
        destination: there,
      }),
    )
    await served(() => !stage.life.agent.isIdle)
    for (let s = 0; s < 300 && !stage.life.agent.isIdle; s += 1) await stage.pass(1000, measure)
    expect(stage.life.agent.isIdle).toBe(true)
    expect(Math.hypot(handle.truePose.x - there.x, handle.truePose.y - there.y)).toBeLessThan(0.3)
    expect(fastestInside).toBeGreaterThan(0.1)
    expect(fastestInside).toBeLessThanOrEqual(LIMIT_MPS + 0.01)
    expect(fastestOutside).toBeGreaterThan(0.4)
  })
}, 300_000)
