import { ODOMETER_INFORMATION } from '@wardlight/core/fleet'
import { findRoom, readFloorPlan, roomStandingPose, routeBetween } from '@wardlight/core/floor'
import { expect, it } from 'vitest'
import { driveOrder } from '../../fleet-server/src/domain/orders.ts'
import { nodePlanFiles } from '../../scripts/src/node-plan-files.ts'
import { sampleHospital } from '../../scripts/src/paths.ts'
import { ROBOT_CLEARANCE_M } from '../../scripts/src/simulated-hospital.ts'
import { onSettledStage, served } from '../../scripts/src/treatment-stage.ts'

const { plan: floor } = readFloorPlan(sampleHospital, nodePlanFiles)

it('a robot that drives through the hospital tells how far it truly went, through a restart as well', async () => {
  const found = findRoom(floor, 'I1')
  const { level, room } = found
  await onSettledStage({ floor, found, seed: 7, batteryFraction: 0.9 }, undefined, async (stage) => {
    const { handle, post } = stage
    const destination = roomStandingPose(level, room, ROBOT_CLEARANCE_M)
    let trueM = 0
    let last = handle.truePose
    const measure = () => {
      trueM += Math.hypot(handle.truePose.x - last.x, handle.truePose.y - last.y)
      last = handle.truePose
    }
    const driven = () =>
      Number(
        post.state?.information
          ?.find(({ infoType }) => infoType === ODOMETER_INFORMATION.infoType)
          ?.infoReferences?.find(({ referenceKey }) => referenceKey === ODOMETER_INFORMATION.drivenKey)
          ?.referenceValue,
      )
    await served(() => driven() === 0)
    const there = { ...destination, theta: 0 }
    await stage.order((head, from) =>
      driveOrder({
        head,
        orderId: 'there',
        levelId: level.id,
        route: routeBetween(level, from, there),
        destination: there,
      }),
    )
    await served(() => !stage.life.agent.isIdle)
    for (let s = 0; s < 300 && !stage.life.agent.isIdle; s += 1) await stage.pass(1000, measure)
    // A state is sent every ten seconds.
    await stage.pass(11_000, measure)
    expect(trueM).toBeGreaterThan(15)
    // Told in tens of metres; the wheels slip by a few percent.
    expect(driven()).toBeGreaterThan(0.95 * trueM - 10)
    expect(driven()).toBeLessThan(1.05 * trueM)
    const before = driven()
    await stage.killAndRestart()
    await stage.pass(11_000)
    expect(driven()).toBe(before)
    const told = post.state!.powerSupply.batteryHealth
    expect(told).toBe(100)
  })
}, 300_000)
