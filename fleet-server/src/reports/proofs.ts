import { createHash } from 'node:crypto'
import { wardError } from '@wardlight/core/errors'
import { PROOF_FORMAT, type Proof, type ProofKind, type ProofView } from '@wardlight/core/fleet'
import { asc, desc, eq, getTableColumns, inArray } from 'drizzle-orm'
import { proofDue } from '../domain/proof-due.ts'
import type { Ledger } from '../services/ledger.ts'
import type { MissionReports, ReportRows } from '../services/mission-reports.ts'
import type { Database, Queries } from '../store/database.ts'
import { missions, proofs, requests, type ProofRow } from '../store/schema.ts'
import { sealPdf } from './pdf-seal.ts'
import { signProof } from './sign-proof.ts'
import type { SigningKeys } from './signing-keys.ts'

/** All of a row but its file, which is long. */
const { file: _, ...VIEWED } = getTableColumns(proofs)

/** Makes the PDF of a signed file, not yet sealed. */
export interface PdfRenderer {
  render(file: string): Promise<Uint8Array>
}

/**
 * The chain of proofs. One is issued in the transaction that stores what it proves, behind the fence of the leader's term;
 * a row that is there already, or one that follows the same proof, ends the transaction: the chain never forks.
 */
export class Proofs {
  readonly #database: Database
  readonly #keys: SigningKeys
  readonly #reports: MissionReports
  readonly #hospital: string
  readonly #timeZone: string
  readonly #now: () => Date
  readonly #renderer: PdfRenderer

  constructor(options: {
    database: Database
    ledger: Ledger
    keys: SigningKeys
    reports: MissionReports
    hospital: string
    timeZone: string
    now: () => Date
    renderer: PdfRenderer
  }) {
    this.#database = options.database
    this.#keys = options.keys
    this.#reports = options.reports
    this.#hospital = options.hospital
    this.#timeZone = options.timeZone
    this.#now = options.now
    this.#renderer = options.renderer
    options.ledger.onMissionChange = (change, before, after) => {
      const kind = proofDue(before, after)
      if (kind !== null) change.afterwards((tx) => this.#issue(tx, kind, after.id))
    }
  }

  /** Oldest first. */
  ofMission(missionId: string): Promise<ProofView[]> {
    return this.ofMissions([missionId])
  }

  /** Of all of them, oldest first. */
  async ofMissions(missionIds: readonly string[]): Promise<ProofView[]> {
    if (missionIds.length === 0) return []
    const rows = await this.#database.queries
      .select(VIEWED)
      .from(proofs)
      .where(inArray(proofs.missionId, [...missionIds]))
      .orderBy(asc(proofs.sequence))
    return rows.map(proofView)
  }

  /** The newest of the whole chain; `null` while it is empty. */
  async newest(): Promise<ProofView | null> {
    const [row] = await this.#database.queries
      .select(VIEWED)
      .from(proofs)
      .orderBy(desc(proofs.sequence))
      .limit(1)
    return row === undefined ? null : proofView(row)
  }

  /** The signed file, byte by byte as it was issued. @throws WARD_ERR_NOT_FOUND */
  async file(sequence: number): Promise<string> {
    return (await this.#row(sequence)).file
  }

  /** @throws WARD_ERR_NOT_FOUND */
  async missionOf(sequence: number): Promise<string> {
    return (await this.#row(sequence)).missionId
  }

  async #row(sequence: number): Promise<ProofRow> {
    const [row] = await this.#database.queries.select().from(proofs).where(eq(proofs.sequence, sequence))
    if (row === undefined) {
      throw wardError('WARD_ERR_NOT_FOUND', {
        what: `There is no proof ${sequence}`,
        where: 'sequence',
        remedy: 'Load the list again; proofs are numbered from 1.',
      })
    }
    return row
  }

  /**
   * The same to read and to print, with the signed file in it, sealed with the key of now: the same bytes until Wardlight
   * or the key is changed.
   *
   * @throws WARD_ERR_NOT_FOUND
   */
  async pdf(sequence: number): Promise<Buffer> {
    const file = await this.file(sequence)
    const pdf = await this.#renderer.render(file)
    return sealPdf(Buffer.from(pdf), Buffer.from(file), this.#keys.signer)
  }

  async #issue(tx: Queries, kind: ProofKind, missionId: string): Promise<void> {
    const [newest] = await tx
      .select({ sequence: proofs.sequence, sha256: proofs.sha256 })
      .from(proofs)
      .orderBy(desc(proofs.sequence))
      .limit(1)
    const { signer } = this.#keys
    const issuedAt = this.#now()
    const proof: Proof = {
      format: PROOF_FORMAT,
      hospital: this.#hospital,
      sequence: (newest?.sequence ?? 0) + 1,
      previousSha256: newest?.sha256 ?? null,
      issuedAt: issuedAt.toISOString(),
      missionId,
      kind,
      timeZone: this.#timeZone,
      report: await this.#reports.provable(missionId, rowsIn(tx)),
    }
    const file = signProof(proof, signer)
    await tx.insert(proofs).values({
      sequence: proof.sequence,
      previousSha256: proof.previousSha256,
      sha256: createHash('sha256').update(file).digest('hex'),
      missionId,
      kind,
      issuedAt,
      keyId: signer.keyId,
      file,
    })
  }
}

function proofView({
  sequence,
  previousSha256,
  sha256,
  missionId,
  kind,
  issuedAt,
  keyId,
}: Omit<ProofRow, 'file'>): ProofView {
  return { sequence, previousSha256, sha256, missionId, kind, issuedAt: issuedAt.toISOString(), keyId }
}

/** Rows as the transaction has just left them. */
function rowsIn(tx: Queries): ReportRows {
  return {
    async request(id) {
      const [row] = await tx.select().from(requests).where(eq(requests.id, id))
      return row ?? lost('request', id)
    },
    async mission(id) {
      const [row] = await tx.select().from(missions).where(eq(missions.id, id))
      return row ?? lost('mission', id)
    },
  }
}

function lost(what: string, id: string): never {
  throw wardError('WARD_ERR_NOT_FOUND', { what: `There is no ${what} ${JSON.stringify(id)}`, where: what })
}
