import type { GasMissionReport } from '@wardlight/core/fleet'
import { INK, type Box } from './tagged-document.ts'

interface Line {
  readonly words: string
  readonly dash: readonly [number, number] | null
  readonly points: readonly { readonly atS: number; readonly ppm: number | null }[]
}

/** How the gas went, told apart by how the lines are broken: predicted, measured, and the target. */
export function drawGasChart(
  doc: PDFKit.PDFDocument,
  { xPt, yPt, widthPt, heightPt }: Box,
  { samples, cycle, prediction }: GasMissionReport,
): void {
  const startedMs = Date.parse(cycle.startedAt)
  const gassingAtS = cycle.timeline.find(({ phase }) => phase === 'gassing')?.at ?? 0
  const measured = (ppmOf: (sample: (typeof samples)[number]) => number | null) =>
    samples.map((sample) => ({
      atS: Math.max(0, (Date.parse(sample.at) - startedMs) / 1000 - gassingAtS),
      ppm: ppmOf(sample),
    }))
  const lines: Line[] = [
    { words: 'predicted (dotted)', dash: [1, 2], points: prediction.course },
    {
      words: 'measured in the room, highest (solid)',
      dash: null,
      points: measured(({ insidePpm }) => insidePpm),
    },
    {
      words: 'measured outside, highest (dashed)',
      dash: [6, 3],
      points: measured(({ outsidePpm }) => outsidePpm),
    },
  ]
  const all = lines.flatMap(({ points }) => points)
  const mostS = Math.max(1, ...all.map(({ atS }) => atS))
  const mostPpm = Math.max(1, cycle.targetPpm, ...all.map(({ ppm }) => ppm ?? 0))
  const [left, bottom] = [xPt + 34, yPt + heightPt - 22]
  const [width, height] = [widthPt - 40, heightPt - 42]
  const at = (atS: number, ppm: number): [number, number] => [
    left + (width * atS) / mostS,
    bottom - (height * ppm) / mostPpm,
  ]
  doc
    .lineWidth(0.8)
    .moveTo(...at(0, mostPpm))
    .lineTo(...at(0, 0))
    .lineTo(...at(mostS, 0))
    .stroke(INK.text)
  doc.font('regular').fontSize(7).fillColor(INK.text)
  for (const share of [0, 0.5, 1]) {
    doc.text(`${Math.round(share * mostPpm)}`, xPt, at(0, share * mostPpm)[1] - 4, {
      width: 30,
      align: 'right',
      lineBreak: false,
    })
    const [x] = at(share * mostS, 0)
    doc.text(`${Math.round((share * mostS) / 60)} min`, x - (share === 1 ? 30 : 0), bottom + 4, {
      lineBreak: false,
    })
  }
  doc.text(
    `ppm; the thin line is the target of ${cycle.targetPpm} ppm; ${lines.map(({ words }) => words).join(', ')}`,
    left,
    yPt,
    {
      width,
    },
  )
  doc
    .lineWidth(0.4)
    .moveTo(...at(0, cycle.targetPpm))
    .lineTo(...at(mostS, cycle.targetPpm))
    .stroke(INK.text)
  for (const { dash, points } of lines) {
    doc.lineWidth(1.2)
    if (dash === null) doc.undash()
    else doc.dash(dash[0], { space: dash[1] })
    let isDrawing = false
    for (const { atS, ppm } of points) {
      if (ppm === null) isDrawing = false
      else if (isDrawing) doc.lineTo(...at(atS, ppm))
      else {
        doc.moveTo(...at(atS, ppm))
        isDrawing = true
      }
    }
    doc.stroke(INK.text)
  }
  doc.undash()
}
