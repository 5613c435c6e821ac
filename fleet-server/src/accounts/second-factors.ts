import { randomInt } from 'node:crypto'
import type { Clock } from '@wardlight/core/clock'
import { wardError } from '@wardlight/core/errors'
import type { SecondFactorsView, SessionView, TotpEnrolment, User } from '@wardlight/core/fleet'
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { DataKeys } from '../store/data-key.ts'
import { hiddenName, openSealed, sealData } from '../store/sealed-data.ts'
import type { Database, Queries } from '../store/database.ts'
import { passkeys, recoveryCodes, totpFactors, users } from '../store/schema.ts'
import { codeTries, type SignInTries } from './sign-in-tries.ts'
import { base32, newTotpSecret, stepOfCode, totpUri } from './totp.ts'

const RECOVERY_CODES = 10
/** Without those that are taken for others. */
const CODE_LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'
/** 49 bits: by our limit of tries never guessed, and without the data key not from their hashes either. */
const CODE_LENGTH = 10

export type Factor = SessionView['factors'][number]

/** Codes of an authenticator (TOTP), and recovery codes for the day when it is lost. */
export class SecondFactors {
  readonly #database: Database
  readonly #clock: Clock
  readonly #tries: SignInTries
  readonly #keys: DataKeys | null
  readonly #issuer: string

  /** @param keys seal the secrets; `null`: several servers have none in common, and there is no TOTP */
  constructor(parts: {
    database: Database
    clock: Clock
    tries: SignInTries
    keys: DataKeys | null
    issuer: string
  }) {
    this.#database = parts.database
    this.#clock = parts.clock
    this.#tries = parts.tries
    this.#keys = parts.keys
    this.#issuer = parts.issuer
  }

  get hasTotp(): boolean {
    return this.#keys !== null
  }

  /** What somebody can show beside the password. */
  async of(userId: string): Promise<Factor[]> {
    const view = await this.view(userId)
    const factors: Factor[] = []
    if (view.totpSince !== null) factors.push('totp')
    if (view.passkeys.length > 0) factors.push('passkey')
    if (factors.length > 0 && view.recoveryCodesLeft > 0) factors.push('recoveryCode')
    return factors
  }

  async view(userId: string): Promise<SecondFactorsView> {
    const { queries } = this.#database
    const [user] = await queries.select().from(users).where(eq(users.id, userId))
    const [totp] = await queries.select().from(totpFactors).where(eq(totpFactors.userId, userId))
    const keys = await queries
      .select()
      .from(passkeys)
      .where(eq(passkeys.userId, userId))
      .orderBy(passkeys.createdAt)
    const [codes] = await queries
      .select({ left: sql<number>`count(*)::int` })
      .from(recoveryCodes)
      .where(eq(recoveryCodes.userId, userId))
    return {
      totpSince: totp?.confirmedAt?.toISOString() ?? null,
      recoveryCodesLeft: codes?.left ?? 0,
      passkeys: keys.map(({ id, name, createdAt, lastUsedAt }) => ({
        id,
        name,
        createdAt: createdAt.toISOString(),
        lastUsedAt: lastUsedAt?.toISOString() ?? null,
      })),
      isRequired: user?.mustUseSecondFactor ?? false,
    }
  }

  /** Makes a secret. It counts once a first code has been shown. @throws WARD_ERR_CONFLICT where there is one */
  async beginTotp({ id, name }: User): Promise<TotpEnrolment> {
    const keys = this.#requireKeys()
    const secret = newTotpSecret()
    const row = {
      sealedSecret: sealData(secret, place(id), keys),
      createdAt: new Date(this.#clock.epochMs()),
      lastStep: 0,
    }
    const written = await this.#database.write((tx) =>
      tx
        .insert(totpFactors)
        .values({ userId: id, ...row })
        .onConflictDoUpdate({
          target: totpFactors.userId,
          set: row,
          setWhere: isNull(totpFactors.confirmedAt),
        })
        .returning({ userId: totpFactors.userId }),
    )
    if (written.length === 0) {
      throw wardError('WARD_ERR_CONFLICT', {
        what: 'There is an authenticator already',
        where: 'totp',
        remedy: 'Remove it first.',
      })
    }
    return { uri: totpUri(secret, name, this.#issuer), secret: base32(secret) }
  }

  /** @returns new recovery codes @throws WARD_ERR_SIGN_IN for a wrong code */
  async confirmTotp({ id }: User, code: string): Promise<string[]> {
    await this.#tries.begin(codeTries(id))
    const codes = await this.#database.write(async (tx) => {
      if (!(await this.#takeTotp(tx, id, code, false))) return null
      await tx
        .update(totpFactors)
        .set({ confirmedAt: new Date(this.#clock.epochMs()) })
        .where(eq(totpFactors.userId, id))
      return this.#renewCodes(tx, id)
    })
    if (codes === null) throw wrongCode()
    await this.#tries.succeeded(codeTries(id))
    return codes
  }

  /** @throws WARD_ERR_CONFLICT where an administrator wants a second factor and this is the last */
  async removeTotp({ id }: User): Promise<void> {
    await this.#database.write(async (tx) => {
      await tx.delete(totpFactors).where(eq(totpFactors.userId, id))
      await afterRemoval(tx, id)
    })
  }

  /** Ten new ones; those before are worth nothing. */
  async newRecoveryCodes({ id }: User): Promise<string[]> {
    this.#requireKeys()
    const factors = await this.of(id)
    if (factors.length === 0) {
      throw wardError('WARD_ERR_CONFLICT', {
        what: 'There is no second factor that these could stand in for',
        where: 'recovery-codes',
        remedy: 'Add an authenticator or a passkey first.',
      })
    }
    return this.#database.write((tx) => this.#renewCodes(tx, id))
  }

  /** Takes a code of the authenticator or a recovery code, each once. @throws WARD_ERR_SIGN_IN, WARD_ERR_TOO_MANY */
  async check(userId: string, code: string): Promise<void> {
    await this.#tries.begin(codeTries(userId))
    const typed = code.toLowerCase().replaceAll(/[\s-]/g, '')
    const isRight = await this.#database.write(
      async (tx) =>
        (await this.#takeTotp(tx, userId, typed, true)) || (await this.#takeRecoveryCode(tx, userId, typed)),
    )
    if (!isRight) throw wrongCode()
    await this.#tries.succeeded(codeTries(userId))
  }

  /** As part of a reset. */
  async removeAllIn(tx: Queries, userId: string): Promise<void> {
    await tx.delete(totpFactors).where(eq(totpFactors.userId, userId))
    await tx.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId))
    await tx.delete(passkeys).where(eq(passkeys.userId, userId))
  }

  async #takeTotp(tx: Queries, userId: string, code: string, isConfirmed: boolean): Promise<boolean> {
    const [row] = await tx.select().from(totpFactors).where(eq(totpFactors.userId, userId)).for('update')
    if (row === undefined || (row.confirmedAt !== null) !== isConfirmed) return false
    const secret = openSealed(row.sealedSecret, place(userId), this.#requireKeys())
    if (secret === null) {
      throw wardError('WARD_ERR_CONFIG', {
        what: 'The key of the data at rest is not the one that second factors were sealed with',
        where: 'data.key',
        remedy: 'Give the server its former key, or reset the account.',
      })
    }
    const step = stepOfCode(secret, code, this.#clock.epochMs(), row.lastStep)
    if (step === null) return false
    await tx.update(totpFactors).set({ lastStep: step }).where(eq(totpFactors.userId, userId))
    return true
  }

  async #takeRecoveryCode(tx: Queries, userId: string, typed: string): Promise<boolean> {
    if (this.#keys === null) return false
    const gone = await tx
      .delete(recoveryCodes)
      .where(
        and(
          eq(recoveryCodes.userId, userId),
          eq(recoveryCodes.codeHash, codeHash(userId, typed, this.#keys)),
        ),
      )
      .returning({ userId: recoveryCodes.userId })
    return gone.length > 0
  }

  async #renewCodes(tx: Queries, userId: string): Promise<string[]> {
    const keys = this.#requireKeys()
    const codes = Array.from({ length: RECOVERY_CODES }, () => randomText(CODE_LENGTH))
    await tx.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId))
    await tx
      .insert(recoveryCodes)
      .values(codes.map((code) => ({ userId, codeHash: codeHash(userId, code, keys) })))
    return codes.map((code) => `${code.slice(0, CODE_LENGTH / 2)}-${code.slice(CODE_LENGTH / 2)}`)
  }

  #requireKeys(): DataKeys {
    if (this.#keys !== null) return this.#keys
    throw wardError('WARD_ERR_CONFIG', {
      what: 'The servers of this hospital have no key in common that could seal a secret',
      where: '--data-key',
      remedy: 'Give all of them the same key, by --data-key or WARDLIGHT_DATA_KEY; or use a passkey.',
    })
  }
}

/**
 * Of what was removed the rest must still do.
 *
 * @throws WARD_ERR_CONFLICT where an administrator wants a second factor and none is left
 */
export async function afterRemoval(tx: Queries, userId: string): Promise<void> {
  const [totp] = await tx.select().from(totpFactors).where(eq(totpFactors.userId, userId))
  const [key] = await tx.select().from(passkeys).where(eq(passkeys.userId, userId)).limit(1)
  if ((totp?.confirmedAt ?? null) !== null || key !== undefined) return
  const [user] = await tx.select().from(users).where(eq(users.id, userId))
  if (user?.mustUseSecondFactor === true) {
    throw wardError('WARD_ERR_CONFLICT', {
      what: 'This is your last second factor, and your account must have one',
      where: 'second-factors',
      remedy: 'Add another one first.',
    })
  }
  await tx.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId))
}

/** Letters and digits that are not taken for others, by chance. */
export function randomText(length: number): string {
  return Array.from({ length }, () => CODE_LETTERS[randomInt(CODE_LETTERS.length)]).join('')
}

function codeHash(userId: string, code: string, keys: DataKeys): string {
  return hiddenName(['recovery code', userId, code], keys)
}

function place(userId: string): string {
  return `totp_factors/${userId}`
}

function wrongCode() {
  return wardError('WARD_ERR_SIGN_IN', {
    what: 'This code is not right, or was used before',
    where: 'code',
    remedy: 'Wait for the next code of your authenticator, or take a recovery code.',
  })
}
