import { randomBytes } from 'node:crypto'
import { wardError } from '@wardlight/core/errors'
import { robotIdOf, type RobotService } from '@wardlight/core/fleet'
import type { Pose2 } from '@wardlight/core/geometry'
import type { RobotAddress } from '@wardlight/core/vda5050'
import { eq } from 'drizzle-orm'
import { hashPassword, isPassword, MADE_COST, ROBOT_COST } from '../accounts/passwords.ts'
import type { RobotWear } from '../domain/robot-wear.ts'
import type { Database } from '../store/database.ts'
import { robots, type RobotRow } from '../store/schema.ts'

/**
 * VDA 5050 allows A-Z a-z 0-9 _ . : - in serial numbers. A manufacturer with a dot would make robot ids
 * ambiguous, which join the two by a dot.
 */
const MANUFACTURER = /^[A-Za-z0-9_:-]{1,64}$/
const SERIAL_NUMBER = /^[A-Za-z0-9_.:-]{1,64}$/

export interface RobotCredentials {
  readonly username: string
  readonly password: string
}

/** The robots of this hospital, with the hashes of their passwords. */
export class RobotStore {
  readonly #database: Database
  readonly #now: () => Date

  constructor(database: Database, now: () => Date) {
    this.#database = database
    this.#now = now
  }

  all(): Promise<RobotRow[]> {
    return this.#database.queries.select().from(robots).orderBy(robots.id)
  }

  /** Makes the robot known without credentials, where it is not yet. */
  async add(address: RobotAddress): Promise<void> {
    checkAddress(address)
    await this.#database.write((tx) => tx.insert(robots).values(this.#row(address)).onConflictDoNothing())
  }

  /** @throws WARD_ERR_VALIDATION when the address cannot be a topic */
  async register(address: RobotAddress, password?: string): Promise<RobotCredentials> {
    checkAddress(address)
    const made = password ?? randomBytes(24).toString('base64url')
    const passwordHash = await hashPassword(made, password === undefined ? MADE_COST : ROBOT_COST)
    await this.#database.write((tx) =>
      tx
        .insert(robots)
        .values({ ...this.#row(address), passwordHash })
        .onConflictDoUpdate({ target: robots.id, set: { passwordHash } }),
    )
    return { username: robotIdOf(address), password: made }
  }

  async authenticate(username: string, password: string): Promise<RobotAddress | null> {
    const [row] = await this.#database.queries.select().from(robots).where(eq(robots.id, username))
    if (row === undefined || row.passwordHash === null || row.service?.state === 'retired') return null
    if (!(await isPassword(password, row.passwordHash))) return null
    return { manufacturer: row.manufacturer, serialNumber: row.serialNumber }
  }

  async saveHome(robotId: string, home: Pose2 & { readonly levelId: string }): Promise<void> {
    await this.#database.write((tx) => tx.update(robots).set({ home }).where(eq(robots.id, robotId)))
  }

  async saveService(robotId: string, service: RobotService): Promise<void> {
    await this.#database.write((tx) => tx.update(robots).set({ service }).where(eq(robots.id, robotId)))
  }

  async saveWear(robotId: string, wear: RobotWear): Promise<void> {
    await this.#database.write((tx) => tx.update(robots).set({ wear }).where(eq(robots.id, robotId)))
  }

  #row({ manufacturer, serialNumber }: RobotAddress) {
    return {
      id: robotIdOf({ manufacturer, serialNumber }),
      manufacturer,
      serialNumber,
      registeredAt: this.#now(),
    }
  }
}

export function isRobotAddress({ manufacturer, serialNumber }: RobotAddress): boolean {
  return MANUFACTURER.test(manufacturer) && SERIAL_NUMBER.test(serialNumber)
}

function checkAddress(address: RobotAddress): void {
  if (isRobotAddress(address)) return
  throw wardError('WARD_ERR_VALIDATION', {
    what: `${JSON.stringify(`${address.manufacturer}/${address.serialNumber}`)} cannot name a robot`,
    where: 'robot',
    remedy: 'Use up to 64 letters, digits, "_", ":" and "-", in the serial number also ".".',
  })
}
