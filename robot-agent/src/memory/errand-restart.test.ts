import type { ErrandReport } from '@wardlight/core/fleet'
import type { Order } from '@wardlight/core/vda5050'
import { afterEach, describe, expect, it } from 'vitest'
import { decontaminationOrder, dockOrder, STATION, visitOrder } from '../testing/errand-order.ts'
import { createLives, type Lives } from '../testing/robot-lives.ts'

let lives: Lives
afterEach(() => {
  lives.end()
  if (lives.failures.length > 0) throw lives.failures[0]
})

const errand = () => lives.life.orders.errand
const phase = () => errand()?.phase ?? null

async function taken(order: Order) {
  lives = createLives()
  lives.hardware.batteryFraction = 0.4
  await lives.pass(1.5)
  expect(lives.life.orders.take(order)).toBeNull()
  await lives.step()
}

const reportOf = (actionId: string) => {
  const state = lives.life.orders.context.actionStates.find((one) => one.actionId === actionId)
  return JSON.parse(state?.actionResult ?? 'null') as ErrandReport | null
}

async function until(wanted: string, limitS = 60) {
  await lives.until(() => phase() === wanted, limitS)
}

describe('a robot whose program is killed on an errand and started again', () => {
  it('on its way to the dock: stands until somebody resumes it, and goes on', async () => {
    await taken(dockOrder())
    await lives.pass(0.5)
    await lives.restart(1)
    const { drives } = lives.hardware
    await lives.pass(20)
    expect(phase()).toBe('traveling')
    // One goal where it stands, which takes the place of the old one.
    expect(lives.hardware.drives).toBeLessThanOrEqual(drives + 1)
    expect(lives.life.orders.context.isPaused).toBe(true)
    lives.life.orders.resume()
    await until('charging')
  })

  it('in the approach: drives nowhere by itself, and docks when somebody resumes it', async () => {
    await taken(dockOrder())
    await until('approaching')
    await lives.pass(1)
    await lives.restart(1)
    expect(phase()).toBe('looking')
    await until('held', 20)
    expect(lives.hardware.isCharging).toBe(false)
    lives.life.orders.resume()
    await until('charging')
    lives.hardware.batteryFraction = 0.96
    await lives.pass(3)
    expect(reportOf('act-dock')).toMatchObject({ end: 'charged', tries: 2 })
  })

  it('while it charges: sees that it charges, and goes on', async () => {
    await taken(dockOrder())
    await until('charging')
    await lives.pass(1)
    await lives.restart(5)
    await until('charging', 20)
    expect(lives.hardware.docked).toBe(1)
    lives.hardware.batteryFraction = 0.96
    await lives.pass(3)
    expect(reportOf('act-dock')).toMatchObject({ verdict: 'completed', end: 'charged', fromFraction: 0.4 })
  })

  it('in a dock that gives no current: still comes out of it before it drives', async () => {
    await taken(dockOrder())
    await until('charging')
    lives.life.orders.cancel()
    await lives.pass(1)
    lives.hardware.isCharging = false
    await lives.restart(1)
    await lives.pass(3)
    const { drives, undocked, pose } = lives.hardware
    const order = dockOrder({}, 'next')
    order.nodes[0]!.nodePosition = { x: pose.x, y: pose.y, mapId: 'L1' }
    order.nodes[1]!.nodePosition = { x: -2, y: 1, theta: 0, mapId: 'L1' }
    expect(lives.life.orders.take(order)).toBeNull()
    await lives.pass(2)
    expect(lives.hardware.drives).toBe(drives)
    await lives.until(() => lives.hardware.undocked === undocked + 1, 10)
    await lives.until(() => lives.hardware.drives === drives + 1, 10)
  })

  it('in the station: the time begins anew, and only when somebody resumes it', async () => {
    await taken(decontaminationOrder(STATION))
    await until('standing')
    await lives.pass(100)
    await lives.restart(60)
    expect(phase()).toBe('held')
    await lives.pass(200)
    expect(phase()).toBe('held')
    lives.life.orders.resume()
    await lives.pass(100)
    expect(phase()).toBe('standing')
    await lives.pass(30)
    expect(reportOf('act-clean')).toMatchObject({ verdict: 'completed', isContaminated: false })
  })

  it('while it is wiped: nobody has confirmed, and it still waits for that', async () => {
    await taken(decontaminationOrder())
    await until('wiping')
    await lives.restart(1)
    await lives.pass(1)
    expect(phase()).toBe('wiping')
    expect(reportOf('act-clean')).toBeNull()
  })

  it('on a visit, driven: stands, asks for consent anew, and waits for a new hand-over', async () => {
    await taken(visitOrder())
    await until('announcing')
    const visit = () => {
      const now = errand()
      if (now?.kind !== 'visit') throw new Error('no visit')
      return now
    }
    expect(visit().answer(true, 'Ms. Klein')).toBeNull()
    expect(visit().handOver('s-1', 'Dr. Weber')).toBeNull()
    await lives.pass(1)
    await lives.restart(1)
    await lives.pass(1)
    expect(phase()).toBe('announcing')
    expect(visit().driver).toBeNull()
    const command = {
      sessionId: 's-1',
      sequence: 999,
      sentAtEpochMs: lives.clock.epochMs(),
      pictureAgeMs: 50,
      isHeld: false,
      speedMps: 0,
      turnRadPerS: 0,
    }
    expect(visit().drive(command)).toBe('nobodyHasTheDrive')
    expect(visit().handOver('s-1', 'Dr. Weber')).toContain('announcing')
    expect(visit().answer(true, 'Ms. Klein')).toBeNull()
    expect(visit().handOver('s-2', 'Dr. Weber')).toBeNull()
    await lives.pass(1)
    expect(visit().end('Dr. Weber')).toBeNull()
    await lives.pass(5)
    const report = reportOf('act-visit')
    expect(report).toMatchObject({ verdict: 'completed', end: 'ended' })
    // The first one was cut off: nobody knows when.
    expect(
      report?.kind === 'visit' &&
        report.drives.map(({ sessionId, toEpochMs }) => [sessionId, toEpochMs === null]),
    ).toEqual([
      ['s-1', true],
      ['s-2', false],
    ])
  })

  it('at any instant: nothing drives and nothing is lit until somebody does something', async () => {
    for (const order of [dockOrder(), decontaminationOrder(STATION), visitOrder()]) {
      for (const atS of [0.2, 1.5, 3, 5, 6, 8, 10, 14]) {
        await taken(order)
        await lives.pass(atS)
        await lives.restart(0.5)
        await lives.pass(2)
        const { pose } = lives.hardware
        const docked = lives.hardware.docked
        await lives.pass(15)
        expect(lives.hardware.pose).toEqual(pose)
        expect(lives.hardware.docked).toBe(docked)
        expect(lives.hardware.litS).toBe(0)
        expect(lives.life.orders.isIdle).toBe(lives.life.orders.errand?.report != null)
        lives.end()
      }
    }
    await taken(dockOrder())
  })
})
