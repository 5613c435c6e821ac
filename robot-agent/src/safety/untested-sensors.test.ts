import { ROBOT_TOPICS } from '@wardlight/core/ros'
import { afterEach, describe, expect, it } from 'vitest'
import { createBench, uvOrder } from '../testing/robot-bench.ts'

const CAMERA = { topic: '/front/detections', personClass: 'person', minScore: 0.3 }
const UNSEEN = 'the person sensor did not see who pressed the button: it is not tested'
const UNTESTED_DOOR = 'the guard at the door to the corridor is not tested: open the door once and shut it'

let bench = createBench()
afterEach(() => bench.stop())

function waiting(cameras: Parameters<typeof createBench>[0] = {}) {
  bench = createBench(cameras)
  bench.start()
  expect(bench.orders.take(uvOrder())).toBeNull()
  bench.until(() => bench.phase === 'awaitingArming', 60)
  bench.clock.advance(1500)
  return bench.hardware
}

/** Why the start was refused. */
function refusals(): readonly string[] {
  return bench.arm().flatMap((fact) => (fact.type === 'armingRefused' ? fact.reasons : []))
}

/** For as long as an exit delay, a warm-up and a second arming would take, whoever wants light. */
function expectDark() {
  for (let s = 0; s < 60; s += 1) {
    bench.clock.advance(1000)
    expect(bench.hardware.isLit).toBe(false)
  }
  expect(bench.hardware.litS).toBe(0)
}

describe('a sensor that was not seen to tell', () => {
  it('a person sensor that is stuck at "nobody" never lights, however often it is tried', () => {
    waiting().isPersonSensorStuck = true
    expect(refusals()).toEqual([UNSEEN])
    expect(refusals()).toEqual([UNSEEN])
    expectDark()
  })

  it('a person sensor that is stuck at "somebody" never lights', () => {
    waiting().setPersonSensed(true)
    expect(refusals()).toContain('the person sensor sees someone')
    expectDark()
  })

  it('a guard that is stuck at "closed" never lights, and its door is named before the button is pressed', () => {
    waiting().stuckGuards.add('door-1')
    bench.checklist()
    expect(bench.supervisor.blockers()).toEqual([UNTESTED_DOOR])
    expect(refusals()).toContain(UNTESTED_DOOR)
    expectDark()
  })

  it('a test of a guard does not outlive the program: started anew, every guard is untested', () => {
    const hardware = waiting()
    hardware.openAndShut('door-1')
    bench.checklist()
    expect(bench.supervisor.blockers()).toEqual([])
    bench.supervisor.stop()
    bench.supervisor.start()
    bench.clock.advance(1500)
    bench.supervisor.command({
      type: 'watch',
      watch: {
        missionId: 'mission-1',
        polygon: [],
        doors: [{ id: 'door-1', name: 'the door to the corridor' }],
      },
    })
    bench.checklist()
    expect(bench.supervisor.blockers()).toContain(UNTESTED_DOOR)
  })

  it('one that works is lit', () => {
    waiting()
    expect(refusals()).toEqual([])
    bench.until(() => bench.hardware.isLit, 60)
  })
})

describe('a camera', () => {
  function lit() {
    const hardware = waiting({ cameras: [CAMERA] })
    expect(refusals()).toEqual([])
    bench.until(() => hardware.isLit, 60)
    bench.clock.advance(1000)
    return hardware
  }
  function darkAfterMs(): number {
    const fromMs = bench.clock.monotonicMs()
    bench.until(() => !bench.hardware.isLit, 5)
    return bench.clock.monotonicMs() - fromMs
  }
  const tripped = () => bench.orders.mission!.status().interlocks.map(({ kind }) => kind)

  it('that sees someone puts the lamp out', () => {
    lit().isPersonPictured = true
    expect(darkAfterMs()).toBeLessThanOrEqual(200)
    expect(tripped()).toEqual(['person.detected'])
  })

  it('that falls silent puts the lamp out', () => {
    lit().silence(CAMERA.topic)
    expect(darkAfterMs()).toBeLessThanOrEqual(550)
    expect(tripped()).toEqual(['sensor.stale'])
  })

  it('that is stuck at one picture is silent', () => {
    lit().areCamerasStuck = true
    expect(darkAfterMs()).toBeLessThanOrEqual(550)
    expect(tripped()).toEqual(['sensor.stale'])
  })

  it('that is configured and never heard of keeps the lamp dark', () => {
    waiting({ cameras: [CAMERA] }).silence(CAMERA.topic)
    bench.clock.advance(1000)
    expect(refusals()).toEqual(['the camera /front/detections is silent'])
    expectDark()
  })

  it.each([
    ['its class, surely', { class_id: 'person', score: 0.9 }, true],
    ['its class, hardly', { class_id: 'person', score: 0.1 }, false],
    ['its class, with a score that is none', { class_id: 'person', score: NaN }, true],
    ['another class', { class_id: 'bed', score: 0.9 }, false],
    ['no class at all', null, true],
  ])('takes a detection of %s for somebody, or not', (_, hypothesis, isSomebody) => {
    lit()
    const publisher = bench.network
      .createNode()
      .createPublisher('vision_msgs/msg/Detection2DArray', CAMERA.topic, 'sensorData')
    const header = { stamp: { sec: 1, nanosec: 1 }, frame_id: 'camera' }
    const pose = {
      pose: { position: { x: 0, y: 0, z: 0 }, orientation: { x: 0, y: 0, z: 0, w: 1 } },
      covariance: [],
    }
    const bbox = { center: { position: { x: 320, y: 240 }, theta: 0 }, size_x: 90, size_y: 240 }
    const results = hypothesis === null ? [] : [{ hypothesis, pose }]
    publisher.publish({ header, detections: [{ header, results, bbox, id: '' }] })
    expect(bench.hardware.isLit).toBe(!isSomebody)
  })
})

it('a lamp without a current sensor is never lit', () => {
  waiting().silence(ROBOT_TOPICS.lampCurrent)
  bench.clock.advance(1000)
  expect(refusals()).toEqual(["the lamp's current sensor is silent"])
  expectDark()
})
