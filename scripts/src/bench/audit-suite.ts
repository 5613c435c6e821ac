import { createHash } from 'node:crypto'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  AuditLog,
  ChainWalk,
  openDatabase,
  type ChainedEntry,
  type OpenDatabase,
} from '@wardlight/fleet-server'
import { compare, elapsedMs, rowOf } from './measure.ts'
import type { BenchRow, BenchSettings, BenchSuite } from './suite.ts'

export const AUDIT_SUITE: BenchSuite = {
  id: 'audit',
  about: 'the record of who did what: appended durably, and verified',
  async run(settings) {
    const dir = await mkdtemp(path.join(tmpdir(), 'wardlight-bench-audit-'))
    const database = await openDatabase({ dataDir: dir })
    try {
      return {
        suite: 'audit',
        rows: [await appendRow(database, dir, settings), await verifyRow(database, settings)],
        growth: [],
      }
    } finally {
      await database.close()
      await rm(dir, { recursive: true, force: true })
    }
  },
}

function asked(index: number) {
  return {
    who: {
      id: 'a2f1',
      name: 'Nora Nurse',
      role: 'nurse',
      from: '10.1.2.3',
      did: 'PATCH /api/rooms/:roomId',
    },
    path: `/api/rooms/room-${index % 40}`,
    body: { state: index % 2 === 0 ? 'dirty' : 'stat' },
    status: 200,
  } as const
}

/** One entry at a time, each on the disk before the next. */
async function appendRow(
  database: OpenDatabase,
  dir: string,
  { rounds, isQuick }: BenchSettings,
): Promise<BenchRow> {
  const entries = isQuick ? 5 : 300
  const log = new AuditLog(database)
  const text = Buffer.from(JSON.stringify(asked(1)).padEnd(500, ' '))
  const figures = { ours: [] as number[], floor: [] as number[] }
  const file = await open(path.join(dir, 'floor'), 'a')
  try {
    // The first round warms up.
    for (let round = 0; round <= rounds; round += 1) {
      let beganMs = performance.now()
      for (let index = 0; index < entries; index += 1) await log.append(asked(index))
      figures.ours.push((1000 * (performance.now() - beganMs)) / entries)
      beganMs = performance.now()
      for (let index = 0; index < entries; index += 1) {
        await file.write(text)
        await file.datasync()
      }
      figures.floor.push((1000 * (performance.now() - beganMs)) / entries)
    }
  } finally {
    await file.close()
  }
  return rowOf(
    {
      id: 'audit.append',
      name: 'An entry of the audit record, one after the other',
      unit: 'µs until it is stored',
      goal: null,
      ours: { name: 'appended and chained by the embedded database' },
      peer: { name: 'as many bytes written to a file, and fdatasync' },
    },
    figures.ours.slice(1),
    figures.floor.slice(1),
  )
}

async function verifyRow(database: OpenDatabase, { rounds, isQuick }: BenchSettings): Promise<BenchRow> {
  const log = new AuditLog(database)
  const stored: ChainedEntry[] = []
  for await (const entry of log.entries(await log.head())) stored.push(entry)
  const times = isQuick ? 1 : 20
  const per = (work: () => unknown) =>
    (1000 * elapsedMs(() => Array.from({ length: times }, work))) / times / stored.length
  return compare(
    {
      id: 'audit.verify',
      name: `Verifying the audit record, ${stored.length} entries`,
      unit: 'µs an entry',
      goal: null,
      ours: {
        name: 'hash, sequence, and what it was appended to',
        measure: () =>
          per(() => {
            const walk = new ChainWalk()
            for (const entry of stored) walk.take(entry)
            if (walk.fault !== null) throw new Error(walk.fault.problem)
          }),
      },
      peer: {
        name: 'SHA-256 of its text alone',
        measure: () =>
          per(() => {
            for (const { entry } of stored) createHash('sha256').update(entry).digest('hex')
          }),
      },
    },
    rounds,
  )
}
