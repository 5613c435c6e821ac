import { surfacesOf, type Surface } from '@wardlight/core/disinfection'
import type { DoseReport } from '@wardlight/core/fleet'
import { boundsOf, type Point2 } from '@wardlight/core/geometry'
import { INK, type Box } from './tagged-document.ts'

/** A face on the map of which surfaces were missed. */
export interface MissedFace {
  readonly number: number
  readonly label: string
  readonly surfaces: readonly Surface[]
}

/** From the wall or the thing that it is on, so far inwards a mark stands, metres. */
const OFF_M = 0.06
/** … and its number. */
const LABEL_OFF_M = 0.25
const LABEL_PT = 6

/** Faces with missed surfaces, numbered as the report lists them first. */
export function missedFaces({ room, surfaceSizeM, missed }: DoseReport): MissedFace[] {
  const surfaces = new Map(surfacesOf(room, surfaceSizeM).map((surface) => [surface.id, surface]))
  const byFace = new Map<string, Surface[]>()
  for (const { id } of missed) {
    const surface = surfaces.get(id)
    if (surface === undefined) continue
    byFace.set(surface.faceId, [...(byFace.get(surface.faceId) ?? []), surface])
  }
  return [...byFace.values()].map((each, index) => ({
    number: index + 1,
    label: each[0]!.label,
    surfaces: each,
  }))
}

/** How high a map of the room is that is as wide as the box, and at most so high. */
export function mapHeightPt({ room }: Pick<DoseReport, 'room'>, widthPt: number, mostPt: number): number {
  const { minX, maxX, minY, maxY } = boundsOf(room.polygon)
  return Math.min(mostPt, (widthPt * (maxY - minY)) / (maxX - minX) + 24)
}

/** The room from above, in lines: walls, doors, what stands in it, the robot's stops, and where surfaces were missed. */
export function drawRoomMap(
  doc: PDFKit.PDFDocument,
  box: Box,
  { room, stops }: Pick<DoseReport, 'room' | 'stops'>,
  missed: readonly MissedFace[],
): void {
  const at = projection(room.polygon, box)
  const outline = (points: readonly Point2[]) => doc.polygon(...points.map(at))
  outline(room.polygon).lineWidth(2).stroke(INK.text)
  doc.font('regular').fontSize(LABEL_PT)
  for (const { footprint, name } of room.obstacles) {
    outline(footprint).lineWidth(0.6).fillAndStroke(INK.fill, INK.line)
    const xs = footprint.map((point) => at(point)[0])
    const ys = footprint.map((point) => at(point)[1])
    const left = Math.min(...xs)
    const widthPt = Math.max(...xs) - left
    const heightPt = Math.max(...ys) - Math.min(...ys)
    const labelPt = doc.heightOfString(name, { width: Math.max(1, widthPt - 2) })
    // What does not fit would hide something else; the tables name everything.
    if (doc.widthOfString(name) <= widthPt - 2 && labelPt <= heightPt) {
      doc.fillColor(INK.soft).text(name, left + 1, (Math.min(...ys) + Math.max(...ys) - labelPt) / 2, {
        width: widthPt - 2,
        align: 'center',
      })
    }
  }
  for (const { a, b } of room.doors) {
    doc
      .lineWidth(4)
      .moveTo(...at(a))
      .lineTo(...at(b))
      .stroke('#ffffff')
    doc
      .lineWidth(0.8)
      .dash(2, { space: 2 })
      .moveTo(...at(a))
      .lineTo(...at(b))
      .stroke(INK.text)
      .undash()
  }
  for (const { surfaces } of missed) for (const surface of surfaces) drawMissed(doc, at, surface)
  for (const face of missed) drawNumber(doc, at, face)
  stops.forEach((stop, index) => drawStop(doc, at, stop, index + 1))
  drawScale(doc, at, box)
}

type Projection = (point: Point2) => [number, number]

/** North is up, as on the floor plan. */
function projection(polygon: readonly Point2[], { xPt, yPt, widthPt, heightPt }: Box): Projection {
  const { minX, maxX, minY, maxY } = boundsOf(polygon)
  const pad = 12
  const scale = Math.min((widthPt - 2 * pad) / (maxX - minX), (heightPt - 2 * pad) / (maxY - minY))
  const left = xPt + (widthPt - scale * (maxX - minX)) / 2
  const top = yPt + (heightPt - scale * (maxY - minY)) / 2
  return ({ x, y }) => [left + scale * (x - minX), top + scale * (maxY - y)]
}

/** An upright surface is a thick bar before it, a level one a crossed square. */
function drawMissed(doc: PDFKit.PDFDocument, at: Projection, { centre, normal, sizeM }: Surface): void {
  const isUpright = Math.hypot(normal.x, normal.y) > 0.5
  const middle = { x: centre.x + OFF_M * normal.x, y: centre.y + OFF_M * normal.y }
  if (isUpright) {
    const half = sizeM[0] / 2
    const [from, to] = [-half, half].map((along) => ({
      x: middle.x - along * normal.y,
      y: middle.y + along * normal.x,
    })) as [Point2, Point2]
    doc
      .lineWidth(3)
      .moveTo(...at(from))
      .lineTo(...at(to))
      .stroke(INK.text)
  } else {
    const [w, h] = [sizeM[0] / 2, sizeM[1] / 2]
    const corners = [
      { x: centre.x - w, y: centre.y - h },
      { x: centre.x + w, y: centre.y - h },
      { x: centre.x + w, y: centre.y + h },
      { x: centre.x - w, y: centre.y + h },
    ] as const
    doc
      .lineWidth(0.8)
      .polygon(...corners.map(at))
      .stroke(INK.text)
    doc
      .moveTo(...at(corners[0]))
      .lineTo(...at(corners[2]))
      .stroke(INK.text)
    doc
      .moveTo(...at(corners[1]))
      .lineTo(...at(corners[3]))
      .stroke(INK.text)
  }
}

function drawNumber(doc: PDFKit.PDFDocument, at: Projection, { number, surfaces }: MissedFace): void {
  const mean = (of: (surface: Surface) => number) =>
    surfaces.reduce((sum, surface) => sum + of(surface), 0) / surfaces.length
  const { normal } = surfaces[0]!
  const [x, y] = at({
    x: mean(({ centre }) => centre.x) + LABEL_OFF_M * normal.x,
    y: mean(({ centre }) => centre.y) + LABEL_OFF_M * normal.y,
  })
  doc.font('bold').fontSize(LABEL_PT)
  const text = String(number)
  const widthPt = doc.widthOfString(text) + 4
  doc
    .lineWidth(0.5)
    .rect(x - widthPt / 2, y - 4.5, widthPt, 9)
    .fillAndStroke('#ffffff', INK.text)
  doc.fillColor(INK.text).text(text, x - widthPt / 2 + 2, y - 3, { lineBreak: false })
}

function drawScale(doc: PDFKit.PDFDocument, at: Projection, { xPt, yPt, heightPt }: Box): void {
  const metrePt = at({ x: 1, y: 0 })[0] - at({ x: 0, y: 0 })[0]
  const y = yPt + heightPt - 6
  doc
    .lineWidth(1)
    .moveTo(xPt, y)
    .lineTo(xPt + metrePt, y)
    .stroke(INK.text)
  doc
    .font('regular')
    .fontSize(LABEL_PT)
    .fillColor(INK.text)
    .text('1 m', xPt, y - 9, { lineBreak: false })
}

function drawStop(
  doc: PDFKit.PDFDocument,
  at: Projection,
  stop: { readonly x: number; readonly y: number; readonly theta: number },
  number: number,
): void {
  const [x, y] = at(stop)
  const radiusPt = 8
  const [dx, dy] = [Math.cos(stop.theta), -Math.sin(stop.theta)]
  doc
    .lineWidth(1.2)
    .moveTo(x + radiusPt * dx, y + radiusPt * dy)
    .lineTo(x + 1.6 * radiusPt * dx, y + 1.6 * radiusPt * dy)
    .stroke(INK.text)
  doc.circle(x, y, radiusPt).fillAndStroke('#ffffff', INK.text)
  doc.font('bold').fontSize(8).fillColor(INK.text)
  const text = String(number)
  doc.text(text, x - doc.widthOfString(text) / 2, y - 4.5, { lineBreak: false })
}
