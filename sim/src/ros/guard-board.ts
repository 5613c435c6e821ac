import type { Level } from '@wardlight/core/floor'
import type { DiagnosticStatus } from '@wardlight/core/ros'
import type { DoorBank } from '../world/doors.ts'

/** The guards of one level's doors as diagnostics; a status is made anew only when it changes. */
export class GuardBoard {
  readonly #doors: DoorBank
  readonly #indices: readonly number[]
  #version = -1
  #statuses: DiagnosticStatus[]

  constructor(level: Level, doors: DoorBank) {
    this.#doors = doors
    this.#indices = level.doors.map(({ id }) => doors.indexOf(id))
    this.#statuses = this.#indices.map((index) => this.#statusOf(index))
  }

  /** A new array whenever one of them has changed, else the same one. */
  get statuses(): DiagnosticStatus[] {
    if (this.#version === this.#doors.version) return this.#statuses
    this.#version = this.#doors.version
    let changed: DiagnosticStatus[] | null = null
    this.#indices.forEach((index, place) => {
      const status = this.#statusOf(index)
      if (status.level === this.#statuses[place]!.level) return
      changed ??= [...this.#statuses]
      changed[place] = status
    })
    this.#statuses = changed ?? this.#statuses
    return this.#statuses
  }

  #statusOf(index: number): DiagnosticStatus {
    const { id } = this.#doors.door(index)
    const status = (level: number, message: string) => ({
      level,
      name: id,
      message,
      hardware_id: id,
      values: [],
    })
    switch (this.#doors.guard(index)) {
      case 'lost':
        return status(3, 'no contact')
      case 'moved':
        return status(2, 'guard moved')
      case 'stuck':
        return status(0, 'closed')
      case 'inPlace':
        return this.#doors.openness(index) === 0 ? status(0, 'closed') : status(1, 'open')
    }
  }
}
