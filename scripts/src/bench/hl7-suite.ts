import { rowOf, spreadOf } from './measure.ts'
import type { BenchRow, BenchSettings, BenchSuite } from './suite.ts'
import type { Hl7FloorEnd } from './wire/hl7-floor-end.ts'
import type { Hl7Senders } from './wire/hl7-senders.ts'
import type { Hl7ServerEnd } from './wire/hl7-server-end.ts'
import { Part } from './wire/part.ts'

/** Systems that send at once. A hospital has a handful; an interface engine may have many lines. */
const SENDERS = [1, 8, 32]

export const HL7_SUITE: BenchSuite = {
  id: 'hl7',
  about: 'messages of HL7 v2 that are acknowledged once they are on the disk',
  async run(settings) {
    const rows: BenchRow[] = []
    for (const senders of settings.isQuick ? [2] : SENDERS)
      rows.push(await acknowledgedRow(settings, senders))
    return { suite: 'hl7', rows, growth: [] }
  },
}

/** Real lines to the whole server, against a file that is appended to, in turns. */
async function acknowledgedRow({ rounds, isQuick }: BenchSettings, senders: number): Promise<BenchRow> {
  const each = isQuick ? 4 : Math.max(20, Math.ceil(400 / senders))
  const [crowd, server, floor] = [
    new Part<Hl7Senders>('hl7-senders'),
    new Part<Hl7ServerEnd>('hl7-server-end'),
    new Part<Hl7FloorEnd>('hl7-floor-end'),
  ]
  const ourUs: number[] = []
  const floorUs: number[] = []
  const ourProcessorUs: number[] = []
  try {
    const { port, roomIds } = await server.call('start', undefined)
    const { port: floorPort } = await floor.call('start', undefined)
    const measure = async (to: number, figures: number[]) => {
      await crowd.call('connect', { port: to, roomIds: roomIds.slice(0, senders) })
      const { ms } = await crowd.call('send', each)
      await crowd.call('leave', undefined)
      figures.push((1000 * ms) / (each * senders))
    }
    const measureOurs = async () => {
      const before = await server.call('spent', undefined)
      await measure(port, ourUs)
      const after = await server.call('spent', undefined)
      ourProcessorUs.push((after.us - before.us) / (each * senders))
    }
    // The first of each warms up. Which one begins alternates.
    for (let round = 0; round <= rounds; round += 1) {
      if (round % 2 === 0) await measureOurs()
      await measure(floorPort, floorUs)
      if (round % 2 === 1) await measureOurs()
    }
  } finally {
    await Promise.allSettled([server.call('leave', undefined), floor.call('leave', undefined)])
    await Promise.all([crowd.stop(), server.stop(), floor.stop()])
  }
  const measured = (all: readonly number[]) => all.slice(1)
  return rowOf(
    {
      id: `acknowledged.${senders}`,
      name: `Admissions and discharges, acknowledged once durable, ${senders} ${senders === 1 ? 'sender' : 'senders'}`,
      unit: 'µs a message',
      // The floor neither reads, decides, seals nor stores rows: nothing that does can reach 1.
      goal: null,
      ours: { name: 'the whole server: read, decided, rooms changed, sealed, one transaction, on the disk' },
      peer: { name: 'floor: the same bytes appended to a file, fdatasync with group commit' },
      notes: () => [
        `${perSecond(measured(ourUs))} messages a second; the floor ${perSecond(measured(floorUs))}`,
        `of the server's processor: ${Math.round(spreadOf(measured(ourProcessorUs)).median)} µs a message`,
      ],
    },
    measured(ourUs),
    measured(floorUs),
  )
}

function perSecond(figuresUs: readonly number[]): number {
  return Math.round(1e6 / spreadOf(figuresUs).median)
}
