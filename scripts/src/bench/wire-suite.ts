import { readFileSync } from 'node:fs'
import { readRobotMessage } from '@wardlight/fleet-server'
import { vda5050Topic } from '@wardlight/core/vda5050'
import { isMosquittoThere, startMosquitto } from '../mosquitto-process.ts'
import { compare, elapsedMs, rowOf } from './measure.ts'
import type { BenchRow, BenchSettings, BenchSuite, GrowthTable } from './suite.ts'
import type { ClientEnd } from './wire/client-end.ts'
import { crowdAddress, stateText } from './wire/crowd-robot.ts'
import type { Crowd } from './wire/crowd.ts'
import type { EmbeddedEnd } from './wire/embedded-end.ts'
import type { FeedCrowd } from './wire/feed-crowd.ts'
import type { FeedEnd } from './wire/feed-end.ts'
import { Part } from './wire/part.ts'
import type { ServerEnd } from './wire/server-end.ts'

/** 1 jiffy: `man 5 proc`, USER_HZ. */
const JIFFY_US = 10_000
const HERE = [{ x: 5, y: 5, levelId: 'L1' }]
/** Robots say a state, and the feed ticks, at 10 Hz. */
const PERIOD_MS = 100
/** Whoever is behind has caught up by then: ten seconds. */
const LOOK_AGAIN_MS = 100
const MOST_LOOKS = 100
/** People who watch. */
const CONSOLES = 50

export const WIRE_SUITE: BenchSuite = {
  id: 'wire',
  about: 'what robots say, from their socket to the console',
  async run(settings) {
    const rows = [readingRow(settings), ...(await feedRows(settings))]
    const notes: string[] = []
    if (isMosquittoThere) rows.push(...(await brokerRows(settings)))
    else notes.push('no Mosquitto: what a message costs, and a storm of robots, were not measured')
    const growth = []
    for (const rateHz of [1, 10]) growth.push(await serverTable(settings, rateHz, notes))
    return { suite: 'wire', rows, growth }
  },
}

/** One message from its bytes to what the fleet knows of it, against its parse alone. */
function readingRow({ rounds, isQuick }: BenchSettings): BenchRow {
  const messages = isQuick ? 2000 : 50_000
  const address = crowdAddress(1)
  const topic = vda5050Topic(address, 'state', '3.0')
  const payload = Buffer.from(stateText(address, 1, HERE[0]!))
  const per = (work: () => unknown) =>
    (1000 * elapsedMs(() => Array.from({ length: messages }, work))) / messages
  return compare(
    {
      id: 'reading',
      name: `Reading a state of ${payload.length} bytes`,
      unit: 'µs a message',
      goal: 1 / 1.2,
      ours: {
        name: 'parsed, validated, sorted by version',
        measure: () => per(() => readRobotMessage(topic, payload)),
      },
      peer: { name: 'JSON.parse alone', measure: () => per(() => JSON.parse(payload.toString()) as unknown) },
    },
    rounds,
  )
}

/** A tick of the live feed for each of many people, against bare sockets and against JSON for each of them. */
async function feedRows({ rounds, isQuick }: BenchSettings): Promise<BenchRow[]> {
  const [people, robots] = isQuick ? [5, 5] : [200, 200]
  const ticks = isQuick ? { count: 5, periodMs: 0 } : { count: 30, periodMs: PERIOD_MS }
  // A server ticks for months: until what it runs is compiled is nobody's figure.
  const warmUp = { count: isQuick ? 5 : 500, periodMs: 0 }
  const [end, crowd] = [new Part<FeedEnd>('feed-end'), new Part<FeedCrowd>('feed-crowd')]
  const figures = { ours: [] as number[], bare: [] as number[], json: [] as number[] }
  const bytes = { ours: [] as number[], json: [] as number[] }
  try {
    const ports = await end.call('start', robots)
    await crowd.call('open', { count: people, ports })
    const received = async () => {
      // What was sent has come when nothing more comes.
      for (let last = await crowd.call('received', undefined); ;) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
        const now = await crowd.call('received', undefined)
        if (now.ours === last.ours && now.json === last.json) return now
        last = now
      }
    }
    // The first round warms up.
    for (let round = 0; round <= rounds; round += 1) {
      const many = round === 0 ? warmUp : ticks
      const before = await received()
      figures.ours.push(await end.call('ours', many))
      const between = await received()
      figures.json.push(await end.call('json', ticks))
      const after = await received()
      bytes.ours.push((between.ours - before.ours) / people / many.count)
      bytes.json.push((after.json - between.json) / people / ticks.count)
      figures.bare.push(await end.call('bare', { ticks: many, bytes: Math.round(bytes.ours.at(-1)!) }))
    }
  } finally {
    await Promise.all([end.stop(), crowd.stop()])
  }
  const measured = (all: readonly number[]) => all.slice(1)
  const name = `A tick of the live feed, ${robots} robots that drive, ${people} people`
  const ours = { name: 'our feed: gathered, framed and sent' }
  return [
    rowOf(
      {
        id: 'feed',
        name,
        unit: 'µs of processor for each of them',
        goal: 1 / 1.15,
        ours,
        peer: { name: 'as many bytes written to bare sockets' },
      },
      measured(figures.ours),
      measured(figures.bare),
    ),
    rowOf(
      {
        id: 'feed.json',
        name,
        unit: 'µs of processor for each of them',
        goal: 15,
        ours,
        peer: { name: 'every robot as JSON, for each of them' },
      },
      measured(figures.ours),
      measured(figures.json),
    ),
    rowOf(
      {
        id: 'feed.bytes',
        name,
        unit: 'bytes for each of them',
        goal: 20,
        ours: { name: 'our feed' },
        peer: { name: 'every robot as JSON' },
      },
      measured(bytes.ours),
      measured(bytes.json),
    ),
  ]
}

async function brokerRows({ rounds, isQuick }: BenchSettings): Promise<BenchRow[]> {
  const robots = isQuick ? 20 : 1000
  const periods = isQuick ? 3 : 30
  const figures = {
    ourUs: [] as number[],
    peerUs: [] as number[],
    ourMs: [] as number[],
    peerMs: [] as number[],
  }
  const [crowd, embedded, client] = [
    new Part<Crowd>('crowd'),
    new Part<EmbeddedEnd>('embedded-end'),
    new Part<ClientEnd>('client-end'),
  ]
  const mosquitto = await startMosquitto()
  try {
    const embeddedUrl = await embedded.call('start', undefined)
    await client.call('start', mosquitto.url)
    const ours = () => embedded.call('spent', undefined)
    const peer = async () => {
      const { us, heard } = await client.call('spent', undefined)
      return { us: us + processorUs(mosquitto.processId), heard }
    }
    const measure = async (url: string, spent: typeof ours, costs: number[], storms: number[]) => {
      storms.push(await crowd.call('connect', { url, count: robots }))
      const before = await spent()
      const said = await crowd.call('speak', {
        periods,
        periodMs: PERIOD_MS,
        places: HERE,
        isEachAcknowledged: true,
      })
      let after = await spent()
      // The broker has them all; whoever hears them may be behind.
      for (let looks = 0; looks < MOST_LOOKS && after.heard - before.heard < said; looks += 1) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
        after = await spent()
      }
      if (after.heard - before.heard < said) {
        throw new Error(`${after.heard - before.heard} of ${said} messages were heard`)
      }
      costs.push((after.us - before.us) / said)
      await crowd.call('leave', undefined)
    }
    // The first of each warms up.
    for (let round = 0; round <= rounds; round += 1) {
      await measure(embeddedUrl, ours, figures.ourUs, figures.ourMs)
      await measure(mosquitto.url, peer, figures.peerUs, figures.peerMs)
    }
  } finally {
    await Promise.all([crowd.stop(), embedded.stop(), client.stop()])
    await mosquitto.stop()
  }
  const measured = (all: readonly number[]) => all.slice(1)
  return [
    rowOf(
      {
        id: 'ingest',
        name: `Taking in states of ${robots} robots at ${1000 / PERIOD_MS} Hz, each acknowledged`,
        unit: 'µs of processor a message',
        goal: 1 / 0.9,
        ours: { name: 'embedded broker, read in its process' },
        peer: { name: 'Mosquitto, mqtt.js, ajv: both processes' },
      },
      measured(figures.ourUs),
      measured(figures.peerUs),
    ),
    rowOf(
      {
        id: 'storm',
        name: `${robots} robots connect at once`,
        unit: 'ms until the last one is in',
        goal: 2,
        ours: { name: 'embedded broker, no passwords' },
        peer: { name: 'Mosquitto, no passwords' },
        notes: () => ['the robots share one process, whose time is in both'],
      },
      measured(figures.ourMs),
      measured(figures.peerMs),
    ),
  ]
}

/** The whole server, with people who watch. Robots say their states at quality of service 0, as VDA 5050 3.0 (4.1) wants it. */
async function serverTable(
  { isQuick }: BenchSettings,
  rateHz: number,
  notes: readonly string[],
): Promise<GrowthTable> {
  const rows: { size: number; figures: number[] }[] = []
  for (const robots of isQuick ? [5] : [10, 100, 1000]) {
    const consoles = isQuick ? 2 : CONSOLES
    const crowd = new Part<Crowd>('crowd')
    const server = new Part<ServerEnd>('server-end')
    try {
      const { url, mqttUrl, passwords, places, cookie } = await server.call('start', robots)
      const stormMs = await crowd.call('connect', { url: mqttUrl, count: robots, passwords })
      const speak = (seconds: number) =>
        crowd.call('speak', {
          periods: rateHz * seconds,
          periodMs: 1000 / rateHz,
          places,
          isEachAcknowledged: false,
        })
      await speak(2)
      await crowd.call('watch', { url, count: consoles, cookie })
      const before = await server.call('spent', undefined)
      const receivedBefore = await crowd.call('received', undefined)
      const beganMs = performance.now()
      await speak(isQuick ? 2 : 15)
      const lastedMs = performance.now() - beganMs
      const after = await server.call('spent', undefined)
      const received = await crowd.call('received', undefined)
      rows.push({
        size: robots,
        figures: [
          (after.us - before.us) / 1000 / lastedMs,
          (received - receivedBefore) / consoles / lastedMs,
          stormMs,
        ],
      })
    } finally {
      await Promise.all([crowd.stop(), server.stop()])
    }
  }
  return {
    id: `wire.server.${rateHz}hz`,
    name: `The whole server, robots that stand at ${rateHz} Hz, ${isQuick ? 2 : CONSOLES} consoles`,
    size: 'robots',
    figures: ['cores', 'kB a second for each console', 'ms until all are in, passwords checked'],
    rows,
    notes,
  }
}

/** Processor time of a process so far, microseconds, by Linux. */
function processorUs(processId: number): number {
  // After the name, which may hold spaces: state, ppid, … utime and stime are fields 14 and 15.
  const fields = readFileSync(`/proc/${processId}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return JIFFY_US * (Number(fields[11]) + Number(fields[12]))
}
