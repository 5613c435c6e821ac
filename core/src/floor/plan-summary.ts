import { distance } from '../geometry/index.ts'
import type { PlanProblem, PlanReading, Room, RoomKind } from './types.ts'

export interface PlanSummary {
  readonly id: string
  readonly name: string
  readonly source: string
  readonly levels: readonly LevelSummary[]
  readonly lifts: readonly {
    readonly id: string
    readonly name: string
    readonly levels: readonly string[]
  }[]
  readonly problems: readonly PlanProblem[]
}

export interface LevelSummary {
  readonly id: string
  readonly name: string
  readonly elevationM: number
  readonly rooms: readonly RoomSummary[]
  readonly doors: readonly {
    readonly id: string
    readonly name: string
    readonly kind: string
    readonly widthM: number
    readonly rooms: readonly string[]
  }[]
  readonly docks: readonly {
    readonly id: string
    readonly name: string
    readonly x: number
    readonly y: number
  }[]
}

export interface RoomSummary {
  readonly id: string
  readonly name: string
  readonly aliases: readonly string[]
  readonly kind: RoomKind
  readonly ward: string | null
  readonly areaM2: number
  readonly heightM: number
  readonly volumeM3: number
  readonly airChangesPerHour: number | null
  readonly furniture: number
  readonly doors: readonly string[]
}

/** What `wardlight map FILE --json` prints. Lengths in metres, rounded to centimetres. */
export function planSummary({ plan, problems }: PlanReading): PlanSummary {
  return {
    id: plan.id,
    name: plan.name,
    source: plan.source,
    levels: plan.levels.map((level) => ({
      id: level.id,
      name: level.name,
      elevationM: round(level.elevationM),
      rooms: level.rooms.map(roomSummary),
      doors: level.doors.map((door) => ({
        id: door.id,
        name: door.name,
        kind: door.kind,
        widthM: round(distance(door.a, door.b)),
        rooms: door.roomIds,
      })),
      docks: level.docks.map(({ id, name, pose }) => ({ id, name, x: round(pose.x), y: round(pose.y) })),
    })),
    lifts: plan.lifts.map(({ id, name, levelIds }) => ({ id, name, levels: levelIds })),
    problems,
  }
}

/** What `wardlight map FILE` prints for people. */
export function formatPlanSummary(reading: PlanReading): string {
  const summary = planSummary(reading)
  const lines = [`${summary.name} (${summary.source}, ${summary.levels.length} levels)`]
  for (const level of summary.levels) {
    lines.push(
      '',
      `Level ${titled(level)} at ${level.elevationM} m: ${level.rooms.length} rooms, ${level.doors.length} doors, ${level.docks.length} docks`,
      ...table([
        ['  room', 'name', 'kind', 'area m²', 'volume m³', 'air changes/h', 'doors'],
        ...level.rooms.map((room) => [
          `  ${room.id}`,
          room.name,
          room.kind,
          room.areaM2.toFixed(1),
          room.volumeM3.toFixed(1),
          room.airChangesPerHour === null ? '–' : String(room.airChangesPerHour),
          String(room.doors.length),
        ]),
      ]),
      '',
      ...table([
        ['  door', 'kind', 'width m', 'between'],
        ...level.doors.map((door) => [
          `  ${door.id}`,
          door.kind,
          door.widthM.toFixed(2),
          door.rooms.length === 0 ? '–' : door.rooms.join(', '),
        ]),
      ]),
    )
    if (level.docks.length > 0) {
      lines.push('', ...table([['  dock', 'x m', 'y m'], ...level.docks.map(dockRow)]))
    }
  }
  if (summary.lifts.length > 0) {
    lines.push(
      '',
      'Lifts',
      ...table(summary.lifts.map((lift) => [`  ${titled(lift)}`, lift.levels.join(', ')])),
    )
  }
  lines.push('', summary.problems.length === 0 ? 'No problems found.' : 'Problems')
  for (const { severity, where, what, remedy } of summary.problems) {
    lines.push(`  ${severity}: ${where}: ${what}. ${remedy}`)
  }
  return `${lines.join('\n')}\n`
}

function roomSummary(room: Room): RoomSummary {
  return {
    id: room.id,
    name: room.name,
    aliases: room.aliases,
    kind: room.kind,
    ward: room.ward,
    areaM2: round(room.areaM2),
    heightM: round(room.heightM),
    volumeM3: round(room.volumeM3),
    airChangesPerHour: room.airChangesPerHour,
    furniture: room.furniture.length,
    doors: room.doorIds,
  }
}

function dockRow({ id, x, y }: { id: string; x: number; y: number }): string[] {
  return [`  ${id}`, x.toFixed(2), y.toFixed(2)]
}

function titled({ id, name }: { id: string; name: string }): string {
  return id === name ? id : `${id} "${name}"`
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, column) => Math.max(cell.length, widest[column] ?? 0)),
    [],
  )
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
