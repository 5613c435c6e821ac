import { vda5050Topic, wardlightTopic } from '@wardlight/core/vda5050'
import { beforeEach, describe, expect, it } from 'vitest'
import { RobotPost } from './robot-post.ts'

const ADDRESS = { manufacturer: 'wardlight', serialNumber: 'uv-01' }
let post: RobotPost
beforeEach(() => {
  post = new RobotPost(ADDRESS)
})

const state = (headerId: number, actionStatus: string, actionResult?: string) =>
  post.hear(
    vda5050Topic(ADDRESS, 'state'),
    JSON.stringify({
      headerId,
      actionStates: [
        { actionId: 'dose', actionStatus, ...(actionResult === undefined ? {} : { actionResult }) },
      ],
    }),
  )
const interlock = (kind: string) => ({ at: 1, kind, detail: kind })
const status = (...kinds: string[]) =>
  post.hear(
    wardlightTopic(ADDRESS, 'mission'),
    JSON.stringify({ missionId: 'm', interlocks: kinds.map(interlock) }),
  )

describe("a robot's post, as a fleet takes it", () => {
  it('takes each result once, however often it comes', () => {
    state(1, 'RUNNING')
    state(2, 'FINISHED', 'report')
    // A broker may be given the same message twice.
    state(2, 'FINISHED', 'report')
    state(3, 'FINISHED', 'report')
    expect(post.resultIds).toEqual(['dose'])
    expect(post.resultOf('dose')).toBe('report')
    expect(post.problems).toEqual([])
  })

  it('finds a message that comes after a newer one, unless another life of the program has begun to count', () => {
    state(7, 'RUNNING')
    post.newLife()
    // Sent by the life before.
    state(8, 'RUNNING')
    state(0, 'RUNNING')
    expect(post.problems).toEqual([])
    state(4, 'RUNNING')
    state(3, 'RUNNING')
    expect(post.problems).toEqual(['state 3 came after state 4'])
  })

  it.each([
    ['differs the second time', () => state(2, 'FINISHED', 'another'), 'came twice, and differs'],
    ['is taken back', () => state(2, 'FINISHED'), 'was taken back'],
    ['is of an action that runs again', () => state(2, 'RUNNING'), 'was over, and is RUNNING'],
  ])('finds a result that %s', (_, then, problem) => {
    state(1, 'FINISHED', 'report')
    then()
    expect(post.problems).toEqual([expect.stringContaining(problem)])
  })

  it('finds an interlock that was told and is not told any more, in a status or in the report', () => {
    status('door.opened')
    status('door.opened', 'person.detected')
    post.close('m', { interlocks: ['door.opened', 'person.detected', 'battery.low'].map(interlock) })
    expect(post.problems).toEqual([])
    status('door.opened', 'battery.low')
    post.close('m', { interlocks: [] })
    expect(post.problems).toEqual([
      'person.detected (person.detected) of m was told, and is not in the next status',
      'door.opened (door.opened) of m was told, and is not in the report',
    ])
  })
})
