import type { InterlockKind } from '@wardlight/core/fleet'
import type { Door } from '@wardlight/core/floor'
import type { RobotReading } from '../robot/ports.ts'

export interface Entry {
  readonly kind: Extract<InterlockKind, 'door.opened' | 'person.detected'>
  readonly detail: string
}

/**
 * Who comes into a room that is being aired: the supervisor is disarmed then, and looks at no room.
 */
export class EntryWatch {
  readonly #doors: readonly Pick<Door, 'id' | 'name'>[]
  #openDoorIds: ReadonlySet<string> = new Set()
  #isPersonSensed = false

  constructor(doors: readonly Pick<Door, 'id' | 'name'>[]) {
    this.#doors = doors
  }

  /** @returns what began with this reading */
  hear(reading: RobotReading): Entry[] {
    if (reading.kind === 'personSensor') {
      const isNew = reading.isDetected && !this.#isPersonSensed
      this.#isPersonSensed = reading.isDetected
      const detail = 'the person sensor sees someone in the gassed room'
      return isNew ? [{ kind: 'person.detected', detail }] : []
    }
    if (reading.kind !== 'doorGuards') return []
    const open = this.#doors.filter(({ id }) => {
      const state = reading.states.get(id)
      return state === undefined ? this.#openDoorIds.has(id) : state !== 'closed'
    })
    const opened = open.filter(({ id }) => !this.#openDoorIds.has(id))
    this.#openDoorIds = new Set(open.map(({ id }) => id))
    return opened.map(({ name }) => ({ kind: 'door.opened', detail: `${name} is open` }))
  }
}
