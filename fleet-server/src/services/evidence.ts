import { randomUUID } from 'node:crypto'
import {
  checkedValidation,
  d90MjPerCm2,
  hasPassed,
  ORGANISMS,
  organismById,
  shownLog,
  withOrganism,
  type Organism,
  type SiteValidation,
} from '@wardlight/core/disinfection'
import { wardError } from '@wardlight/core/errors'
import type {
  NewOrganism,
  NewSiteValidation,
  OrganismView,
  SiteValidationView,
  User,
} from '@wardlight/core/fleet'
import { eq } from 'drizzle-orm'
import type { Database } from '../store/database.ts'
import {
  hospitalOrganisms,
  siteValidations,
  type HospitalOrganismRow,
  type SiteValidationRow,
} from '../store/schema.ts'
import { SerialQueue } from './serial-queue.ts'

/** The shipped organisms and the hospital's own, and the site's validations: stored first, then held in memory. */
export class Evidence {
  readonly #database: Database
  readonly #now: () => Date
  readonly #queue = new SerialQueue()
  #added: HospitalOrganismRow[] = []
  #validations: SiteValidationRow[] = []

  constructor(database: Database, now: () => Date) {
    this.#database = database
    this.#now = now
  }

  async load(): Promise<void> {
    const { queries } = this.#database
    this.#added = await queries.select().from(hospitalOrganisms)
    this.#validations = await queries.select().from(siteValidations)
  }

  /** What plans choose from. */
  get organisms(): readonly Organism[] {
    return [...ORGANISMS, ...this.#added.map(({ organism }) => organism)]
  }

  organismViews(): OrganismView[] {
    return this.organisms.map((organism) => {
      const row = this.#added.find(({ id }) => id === organism.id)
      return {
        ...(structuredClone(organism) as NewOrganism),
        origin: row === undefined ? 'shipped' : 'hospital',
        addedBy: row?.addedBy ?? null,
        addedAt: row?.addedAt.toISOString() ?? null,
        d90MjPerCm2: d90MjPerCm2(organism),
      }
    })
  }

  /** @throws WARD_ERR_ORGANISM_SOURCE, WARD_ERR_VALIDATION, WARD_ERR_CONFLICT as `withOrganism` */
  addOrganism(organism: NewOrganism, user: User): Promise<OrganismView> {
    return this.#queue.run(async () => {
      withOrganism(this.organisms, organism)
      const row: HospitalOrganismRow = {
        id: organism.id,
        organism,
        addedBy: user.displayName,
        addedAt: this.#now(),
      }
      await this.#database.write((tx) => tx.insert(hospitalOrganisms).values(row))
      this.#added.push(row)
      return this.organismViews().find(({ id }) => id === row.id)!
    })
  }

  get validations(): readonly SiteValidation[] {
    return this.#validations.map(validationOf)
  }

  /** Newest first. */
  validationViews(): SiteValidationView[] {
    return this.#validations
      .map((row) => this.#view(row))
      .toSorted((a, b) => b.recordedAt.localeCompare(a.recordedAt))
  }

  /** @throws WARD_ERR_ORGANISM_UNKNOWN, WARD_ERR_VALIDATION as `checkedValidation` */
  addValidation(validation: NewSiteValidation, user: User): Promise<SiteValidationView> {
    return this.#queue.run(async () => {
      organismById(validation.organismId, this.organisms)
      const row: SiteValidationRow = {
        id: randomUUID(),
        validation,
        recordedBy: user.displayName,
        recordedAt: this.#now(),
        withdrawnBy: null,
        withdrawnAt: null,
        withdrawalReason: null,
      }
      checkedValidation(validationOf(row))
      await this.#database.write((tx) => tx.insert(siteValidations).values(row))
      this.#validations.push(row)
      return this.#view(row)
    })
  }

  /** A validation is never removed; it stops counting. Again: as before. @throws WARD_ERR_NOT_FOUND */
  withdraw(id: string, reason: string, user: User): Promise<SiteValidationView> {
    return this.#queue.run(async () => {
      const index = this.#validations.findIndex((row) => row.id === id)
      const before = this.#validations[index]
      if (before === undefined) {
        throw wardError('WARD_ERR_NOT_FOUND', {
          what: `There is no validation ${JSON.stringify(id)}`,
          where: 'validationId',
        })
      }
      if (before.withdrawnAt !== null) return this.#view(before)
      const patch = {
        withdrawnBy: user.displayName,
        withdrawnAt: this.#now(),
        withdrawalReason: reason,
      }
      await this.#database.write((tx) =>
        tx.update(siteValidations).set(patch).where(eq(siteValidations.id, id)),
      )
      const row = { ...before, ...patch }
      this.#validations[index] = row
      return this.#view(row)
    })
  }

  #view(row: SiteValidationRow): SiteValidationView {
    const validation = validationOf(row)
    return {
      ...row.validation,
      id: row.id,
      withdrawn: validation.withdrawn,
      recordedBy: row.recordedBy,
      recordedAt: row.recordedAt.toISOString(),
      status: this.#statusOf(validation),
      shownLog: shownLog(validation),
    }
  }

  #statusOf(validation: SiteValidation): SiteValidationView['status'] {
    if (validation.withdrawn !== null) return 'withdrawn'
    if (!hasPassed(validation)) return 'failed'
    return Date.parse(validation.validUntil) < this.#now().getTime() ? 'expired' : 'valid'
  }
}

function validationOf(row: SiteValidationRow): SiteValidation {
  const { id, validation, withdrawnAt, withdrawnBy, withdrawalReason } = row
  return {
    ...validation,
    id,
    withdrawn:
      withdrawnAt === null
        ? null
        : { at: withdrawnAt.toISOString(), by: withdrawnBy ?? '', reason: withdrawalReason ?? '' },
  }
}
