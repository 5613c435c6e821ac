import { counterClockwise, rectangle, type Bounds2 } from '../../geometry/index.ts'
import type { Furniture, FurnitureKind } from '../types.ts'
import type { PlanFurniture, PlanRoom } from './schema.ts'

interface UsualSize {
  readonly sizeM: readonly [length: number, width: number]
  readonly heightM: readonly [from: number, to: number]
}

/**
 * Usual sizes, proposed by this project from furniture catalogues; a plan's own figures go before.
 * Heights are those of the solid part: under an overbed table's top and below a curtain's hem there is
 * air, which light passes and a robot's base may not use.
 */
const USUAL_SIZES: Readonly<Record<FurnitureKind, UsualSize>> = {
  bed: { sizeM: [2.1, 1], heightM: [0.15, 0.65] },
  bedsideTable: { sizeM: [0.45, 0.45], heightM: [0, 0.8] },
  overbedTable: { sizeM: [0.8, 0.4], heightM: [0.75, 0.8] },
  table: { sizeM: [1.2, 0.7], heightM: [0.7, 0.75] },
  chair: { sizeM: [0.55, 0.55], heightM: [0, 0.85] },
  cabinet: { sizeM: [1, 0.5], heightM: [0, 1.9] },
  sink: { sizeM: [0.5, 0.45], heightM: [0.65, 0.9] },
  toilet: { sizeM: [0.6, 0.4], heightM: [0, 0.45] },
  curtain: { sizeM: [2, 0.04], heightM: [0.4, 2.1] },
  equipment: { sizeM: [0.6, 0.6], heightM: [0, 1.4] },
  other: { sizeM: [0.5, 0.5], heightM: [0, 1] },
}

const LABELS: Readonly<Record<FurnitureKind, string>> = {
  bed: 'bed',
  bedsideTable: 'bedside table',
  overbedTable: 'overbed table',
  table: 'table',
  chair: 'chair',
  cabinet: 'cabinet',
  sink: 'sink',
  toilet: 'toilet',
  curtain: 'curtain',
  equipment: 'equipment',
  other: 'object',
}

/** The furniture of a room: its layout's, mirrored within the room's bounds, and then its own. */
export function furnishRoom(
  room: PlanRoom,
  bounds: Bounds2,
  layout: readonly PlanFurniture[],
): readonly Furniture[] {
  const items = [...layout.map((item) => mirrorItem(item, bounds, room.mirror)), ...(room.furniture ?? [])]
  const counts = new Map<FurnitureKind, number>()
  return items.map((item) => {
    const count = (counts.get(item.kind) ?? 0) + 1
    counts.set(item.kind, count)
    const isOnly = items.filter(({ kind }) => kind === item.kind).length === 1
    const usual = USUAL_SIZES[item.kind]
    const [lengthM, widthM] = item.sizeM ?? usual.sizeM
    const [zMinM, zMaxM] = item.heightM ?? usual.heightM
    const centre = {
      x: bounds.minX + item.at[0],
      y: bounds.minY + item.at[1],
      theta: ((item.turnDeg ?? 0) * Math.PI) / 180,
    }
    return {
      id: `${room.id}.${item.id ?? `${kebab(item.kind)}-${count}`}`,
      name: item.name ?? (isOnly ? LABELS[item.kind] : `${LABELS[item.kind]} ${count}`),
      kind: item.kind,
      footprint: counterClockwise(rectangle(centre, lengthM, widthM)),
      zMinM,
      zMaxM,
    }
  })
}

function mirrorItem(item: PlanFurniture, bounds: Bounds2, mirror: PlanRoom['mirror']): PlanFurniture {
  if (mirror === undefined) return item
  let [x, y] = item.at
  let turnDeg = item.turnDeg ?? 0
  if (mirror !== 'y') {
    x = bounds.maxX - bounds.minX - x
    turnDeg = 180 - turnDeg
  }
  if (mirror !== 'x') {
    y = bounds.maxY - bounds.minY - y
    turnDeg = -turnDeg
  }
  return { ...item, at: [x, y], turnDeg }
}

function kebab(kind: FurnitureKind): string {
  return kind.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
