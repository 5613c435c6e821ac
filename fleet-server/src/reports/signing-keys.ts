import { generateKeyPairSync } from 'node:crypto'
import { wardError } from '@wardlight/core/errors'
import type { SigningKeyView } from '@wardlight/core/fleet'
import { asc, eq, isNull } from 'drizzle-orm'
import type { Database, Queries } from '../store/database.ts'
import { signingKeys, type SigningKeyRow } from '../store/schema.ts'
import { publicPem, readSigner, type Signer } from './signing.ts'

/**
 * The keys that proofs are signed with: one at a time, and all that ever were. Servers on one database have the same, and
 * only the one that leads signs.
 */
export class SigningKeys {
  readonly #database: Database
  readonly #outside: Signer | null
  readonly #now: () => Date
  #signer: Signer | null = null

  /** @param options.outside the key of a file; `null`: it is kept in the database */
  constructor(options: { database: Database; outside: Signer | null; now: () => Date }) {
    this.#database = options.database
    this.#outside = options.outside
    this.#now = options.now
  }

  /**
   * Finds the key, or makes the first one.
   *
   * @throws WARD_ERR_CONFIG when the key is kept in a file and this server was given none
   */
  async load(): Promise<void> {
    this.#signer = await this.#database.write(async (tx) => {
      const [row] = await tx.select().from(signingKeys).where(isNull(signingKeys.retiredAt))
      if (this.#outside !== null) {
        if (row?.keyId !== this.#outside.keyId) await this.#replace(tx, this.#outside, null)
        // A key that was taken out of the database into a file is in the file alone.
        else if (row.privateKey !== null) {
          await tx.update(signingKeys).set({ privateKey: null }).where(eq(signingKeys.keyId, row.keyId))
        }
        return this.#outside
      }
      if (row === undefined) return this.#make(tx)
      if (row.privateKey === null) {
        throw wardError('WARD_ERR_CONFIG', {
          what: `Proofs are signed with key ${row.keyId}, which is kept in a file`,
          where: '--signing-key',
          remedy: 'Start with that file; or with another one, and proofs are signed with it from now on.',
        })
      }
      return readSigner(row.privateKey, 'table signing_keys')
    })
  }

  /** Comes after `load`. */
  get signer(): Signer {
    if (this.#signer === null) throw new Error('The signing key is not loaded')
    return this.#signer
  }

  /**
   * From now on a new key signs. Of the old one the public half is kept for ever, the private half is gone.
   *
   * @throws WARD_ERR_CONFLICT when the key is kept in a file
   */
  async rotate(): Promise<void> {
    if (this.#outside !== null) {
      throw wardError('WARD_ERR_CONFLICT', {
        what: 'The key is kept in a file, not in the database',
        where: '--signing-key',
        remedy: 'Make another file and start the servers with it.',
      })
    }
    this.#signer = await this.#database.write((tx) => this.#make(tx))
  }

  /** Oldest first. */
  async views(): Promise<SigningKeyView[]> {
    return (await this.#rows()).map(({ keyId, createdAt, retiredAt }) => ({
      keyId,
      createdAt: createdAt.toISOString(),
      retiredAt: retiredAt?.toISOString() ?? null,
    }))
  }

  /** All public keys in one PEM file, each with its id above it. */
  async publicPem(): Promise<string> {
    return (await this.#rows())
      .map(({ keyId, publicKey, createdAt, retiredAt }) => {
        const until = retiredAt === null ? '' : ` to ${retiredAt.toISOString()}`
        return `Key ${keyId}, from ${createdAt.toISOString()}${until}\n${publicPem(publicKey)}`
      })
      .join('\n')
  }

  #rows(): Promise<SigningKeyRow[]> {
    return this.#database.queries.select().from(signingKeys).orderBy(asc(signingKeys.createdAt))
  }

  async #make(tx: Queries): Promise<Signer> {
    const { privateKey } = generateKeyPairSync('ed25519')
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }) as string
    const signer = readSigner(pem, 'a new key')
    await this.#replace(tx, signer, pem)
    return signer
  }

  /** A key that comes back, as a file that was put back, is no longer retired. */
  async #replace(tx: Queries, { keyId, publicKey }: Signer, privateKey: string | null): Promise<void> {
    const now = this.#now()
    await tx
      .update(signingKeys)
      .set({ retiredAt: now, privateKey: null })
      .where(isNull(signingKeys.retiredAt))
    const row: SigningKeyRow = { keyId, publicKey, privateKey, createdAt: now, retiredAt: null }
    const [known] = await tx.select().from(signingKeys).where(eq(signingKeys.keyId, keyId))
    if (known === undefined) await tx.insert(signingKeys).values(row)
    else await tx.update(signingKeys).set({ retiredAt: null }).where(eq(signingKeys.keyId, keyId))
  }
}
