import { randomUUID } from 'node:crypto'
import { wardError } from '@wardlight/core/errors'
import type { DutyTrial, DutyView, NewDuty, PushMessage, User } from '@wardlight/core/fleet'
import { and, asc, eq, gt, lte } from 'drizzle-orm'
import type { DutyDevice } from '../domain/escalation.ts'
import { isPushService, KNOWN_PUSH_HOSTS, type PushKeys } from '../domain/push-services.ts'
import type { Database } from '../store/database.ts'
import { dutyDevices, notificationRules, users } from '../store/schema.ts'
import { createPushKeys, sendPush, type PushOptions, type Told } from './web-push.ts'

const HOUR_MS = 3_600_000
/** Proposed: a phone, a tablet, a desk, and what was forgotten. */
const MOST_DEVICES = 10

const TRIAL = { title: 'Wardlight: a try', tag: 'trial', isPressing: false, path: '/#/account' }

/** Who is on duty with which browsers, and telling them something there. */
export class Duty {
  readonly #database: Database
  readonly #options: PushOptions | null
  readonly #now: () => Date
  #keys: PushKeys | null = null

  /**
   * @param options `null`: this server tells no devices
   * @param now real time: shifts end in it
   */
  constructor(database: Database, options: PushOptions | null, now: () => Date) {
    this.#database = database
    this.#options = options
    this.#now = now
  }

  /** Comes after the rules: the key pair stands with them. */
  async load(): Promise<void> {
    if (this.#options === null) return
    const [row] = await this.#database.queries
      .select({ pushKeys: notificationRules.pushKeys })
      .from(notificationRules)
    this.#keys = row?.pushKeys ?? createPushKeys()
    if (row?.pushKeys === null) {
      const pushKeys = this.#keys
      await this.#database.write((tx) => tx.update(notificationRules).set({ pushKeys }))
    }
  }

  async view({ id }: User): Promise<DutyView> {
    const rows = await this.#database.queries
      .select()
      .from(dutyDevices)
      .where(and(eq(dutyDevices.userId, id), gt(dutyDevices.onDutyUntil, this.#now())))
      .orderBy(asc(dutyDevices.onDutyUntil))
    return {
      pushKey: this.#keys?.publicKey ?? null,
      devices: rows.map((row) => ({
        id: row.id,
        endpoint: row.endpoint,
        until: row.onDutyUntil.toISOString(),
      })),
    }
  }

  /**
   * A browser is on duty for one person: for who said so last.
   *
   * @throws WARD_ERR_VALIDATION for an address that is no push service's; WARD_ERR_CONFLICT where this server tells no
   *   devices, or the person has too many
   */
  async begin(user: User, { endpoint, keys, hours }: NewDuty): Promise<DutyView> {
    if (this.#options === null) throw tellsNoDevices()
    const { origins = [] } = this.#options
    if (!isPushService(endpoint, { hosts: KNOWN_PUSH_HOSTS, origins })) {
      throw wardError('WARD_ERR_VALIDATION', {
        what: `${URL.canParse(endpoint) ? new URL(endpoint).origin : endpoint} is no push service that this server knows`,
        where: 'endpoint',
        remedy: 'Use another browser, or have the service allowed with --push-service.',
      })
    }
    const { devices } = await this.view(user)
    if (devices.length >= MOST_DEVICES && devices.every((device) => device.endpoint !== endpoint)) {
      throw wardError('WARD_ERR_CONFLICT', {
        what: `${user.displayName} is on duty with ${devices.length} devices already`,
        where: 'endpoint',
        remedy: 'End the duty of one of them first.',
      })
    }
    const onDutyUntil = new Date(this.#now().getTime() + hours * HOUR_MS)
    const row = { id: randomUUID(), userId: user.id, endpoint, ...keys, onDutyUntil }
    await this.#database.write(async (tx) => {
      await tx.delete(dutyDevices).where(lte(dutyDevices.onDutyUntil, this.#now()))
      await tx
        .insert(dutyDevices)
        .values(row)
        .onConflictDoUpdate({
          target: dutyDevices.endpoint,
          set: { userId: user.id, ...keys, onDutyUntil },
        })
    })
    return this.view(user)
  }

  /** That there is none is what was asked for. */
  async end(user: User, deviceId: string): Promise<DutyView> {
    await this.#database.write((tx) =>
      tx.delete(dutyDevices).where(and(eq(dutyDevices.id, deviceId), eq(dutyDevices.userId, user.id))),
    )
    return this.view(user)
  }

  /** Of people who still may sign in. */
  async onDuty(): Promise<DutyDevice[]> {
    if (this.#keys === null) return []
    return this.#database.queries
      .select({ id: dutyDevices.id, role: users.role, wards: users.wards })
      .from(dutyDevices)
      .innerJoin(users, eq(users.id, dutyDevices.userId))
      .where(and(gt(dutyDevices.onDutyUntil, this.#now()), eq(users.isDisabled, false)))
  }

  /**
   * A message to see whether messages come.
   *
   * @throws WARD_ERR_NOT_FOUND for a device that is not the person's, or no longer
   */
  async tryOut(user: User, deviceId: string): Promise<DutyTrial> {
    const { devices } = await this.view(user)
    if (devices.every(({ id }) => id !== deviceId)) {
      throw wardError('WARD_ERR_NOT_FOUND', {
        what: `${user.displayName} is not on duty with the device ${deviceId}`,
        where: 'deviceId',
        remedy: 'Begin its duty again.',
      })
    }
    const message = { ...TRIAL, text: `${user.displayName} is told of alarms on this device.` }
    const { problem } = await this.tell(deviceId, message, new AbortController().signal)
    return { problem }
  }

  async tell(deviceId: string, message: PushMessage, signal: AbortSignal): Promise<Told> {
    const [device] = await this.#database.queries
      .select()
      .from(dutyDevices)
      .where(and(eq(dutyDevices.id, deviceId), gt(dutyDevices.onDutyUntil, this.#now())))
    if (device === undefined || this.#options === null || this.#keys === null) {
      return { problem: 'its duty has ended', isGone: true }
    }
    const told = await sendPush(device, message, {
      keys: this.#keys,
      contact: this.#options.contact,
      signal,
    })
    if (told.isGone) {
      await this.#database.write((tx) => tx.delete(dutyDevices).where(eq(dutyDevices.id, deviceId)))
    }
    return told
  }
}

function tellsNoDevices() {
  return wardError('WARD_ERR_CONFLICT', {
    what: 'This server tells no devices',
    where: 'duty',
    remedy: 'Have it started with --push-contact (docs/operations.md).',
  })
}
