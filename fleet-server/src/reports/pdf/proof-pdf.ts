import { createHash } from 'node:crypto'
import type {
  DoseReport,
  GasMissionReport,
  Instruments,
  Proof,
  ProofReport,
  UvMissionReport,
} from '@wardlight/core/fleet'
import { drawGasChart } from './gas-chart.ts'
import { drawRoomMap, mapHeightPt, missedFaces, type MissedFace } from './room-map.ts'
import { TaggedDocument } from './tagged-document.ts'
import {
  duration,
  KIND_WORDS,
  methodWords,
  NOT_KNOWN,
  orNotKnown,
  spaced,
  timeIn,
  titleOf,
  tubeWords,
  verdictWords,
} from './words.ts'

const MAP_PT = 300
const CHART_PT = 200
/** Of missed surfaces in one row. */
const MOST_IDS = 60
/** Its few lines stand on one page. */
const CHECK_PT = 150

type When = (iso: string) => string
type Fact = readonly [string, string]

/**
 * A proof to read and to print, with the signed file in it, not yet sealed. The same file gives the same bytes.
 *
 * @param file the signed file of a proof, as this server made it
 */
export async function proofPdf(file: string): Promise<Buffer> {
  const { proof, signature } = JSON.parse(file) as { proof: Proof; signature: { keyId: string } }
  const { report } = proof
  const bytes = Buffer.from(file)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const when = timeIn(proof.timeZone)
  const document = new TaggedDocument({
    title: titleOf(proof),
    subject: `${proof.hospital}, mission ${proof.missionId}`,
    author: proof.hospital,
    at: new Date(proof.issuedAt),
  })
  document.title(titleOf(proof))
  document.paragraph(`${proof.hospital} · ${methodWords(report)} · issued ${when(proof.issuedAt)}`)
  const { heading, text } = verdictWords(report)
  document.banner(heading, text)
  document.paragraph(KIND_WORDS[proof.kind])
  document.paragraph(report.claim)

  writeRun(document, report, when)
  writePeople(document, report, when)
  if (report.method === 'uv') writeLight(document, report)
  else if (report.method !== 'none') writeGas(document, report)
  if (report.handMeasurement !== null) {
    const { readings, instrument, by, at } = report.handMeasurement
    document.section('Measured by hand')
    document.facts([
      ['By', `${by}, ${when(at)}`],
      ['Instrument', instrument],
      ...readings.map(({ place, ppm }): Fact => [place, `${ppm} ppm`]),
    ])
  }
  if (report.method !== 'none') {
    const evidence = report.method === 'uv' ? report.dose : report.cycle
    writeCourse(document, evidence)
    writeInstruments(document, evidence.instruments ?? null, when)
  }
  document.section('How to check this document', CHECK_PT)
  document.paragraph(
    'On any machine with Wardlight, without a network: wardlight verify FILE --key KEYS.pem, with the public keys that the hospital has given out (GET /api/proofs/keys). It finds every changed bit of this PDF and of the signed proof in it, the attachment of this PDF. The format is in docs/proofs.md.',
  )
  document.facts([
    ['Proof', `${proof.sequence} of the chain of ${proof.hospital}`],
    ['SHA-256 of the signed proof', sha256],
    ['Follows the proof with SHA-256', proof.previousSha256 ?? 'none: it is the first'],
    ['Signed by the key', signature.keyId],
    ["SHA-256 of the robot's report", report.evidence?.sha256 ?? 'the robot left none'],
    ['Software of the server', report.softwareVersion],
  ])
  return document.end(
    (page, pages) => [`${titleOf(proof)} · ${proof.kind} · page ${page} of ${pages}`, `SHA-256 ${sha256}`],
    {
      name: `proof-${String(proof.sequence).padStart(6, '0')}.json`,
      type: 'application/json',
      description: 'The signed proof that this document shows',
      bytes,
    },
  )
}

function writeRun(document: TaggedDocument, report: ProofReport, when: When): void {
  const { protocol, robot } = report
  document.section('What was done')
  document.facts([
    ['Room', `${report.roomName} (${report.roomId}), level ${report.levelId}`],
    ['Method', methodWords(report)],
    [
      'Protocol',
      protocol === null
        ? 'none: organism and target were chosen by hand'
        : `${protocol.name}, version ${protocol.version} (${protocol.id}); ${protocol.certainty}: ${protocol.source}`,
    ],
    ...(report.steps.length > 1
      ? [['Step', `${report.stepNumber + 1} of ${report.steps.length}: ${stepWords(report)}`] as const]
      : []),
    ...targetFacts(report),
    ['Ordered', when(report.orderedAt)],
    ...evidenceFacts(report, when),
    ['Ended, as the server heard', report.endedAt === null ? NOT_KNOWN : when(report.endedAt)],
    ['How it ended', report.outcome ?? NOT_KNOWN],
    ...(report.problem === null ? [] : [['Wrong with the evidence', report.problem] as const]),
    [
      'Robot',
      `${robot.id}; battery ${robot.batteryHealth === null ? NOT_KNOWN : `${Math.round(100 * robot.batteryHealth)} % of new`}; driven ${robot.drivenM === null ? NOT_KNOWN : `${(robot.drivenM / 1000).toFixed(1)} km`}`,
    ],
  ])
}

function stepWords({ steps }: ProofReport): string {
  return steps.map(({ method, verdict }) => `${method} ${verdict ?? 'not ordered'}`).join(', ')
}

function targetFacts(report: ProofReport): Fact[] {
  if (report.method === 'none') return []
  if (report.method === 'uv') {
    const { dose, organismName, logReduction, surfaces } = report
    return [
      ['Organism', organismName],
      ['Target', `${dose.targetLog} log, ${dose.targetMjPerCm2.toFixed(2)} mJ/cm²`],
      [
        'Lowest promised dose stands for',
        `${logReduction.cautious.toFixed(1)} log, cautiously; likely: ${logReduction.likely === null ? NOT_KNOWN : `${logReduction.likely.toFixed(1)} log`}`,
      ],
      [
        'Surfaces',
        `${surfaces.total}, of which ${surfaces.promised} were promised and ${surfaces.reached} reached`,
      ],
    ]
  }
  const { cycle, prediction, solutionMl } = report
  return [
    ['Target', `${cycle.targetPpm} ppm for ${duration(cycle.plannedDwellS)}`],
    ['Held by every sensor', duration(cycle.dwellS)],
    [
      'Exposure, by the sensor that reads least',
      `${cycle.ppmHours} ppm·h; predicted ${prediction.ppmHours.likely.toFixed(0)} (${prediction.ppmHours.least.toFixed(0)} to ${prediction.ppmHours.most.toFixed(0)})`,
    ],
    [
      'H2O2 brought in',
      `${cycle.injectedG} g of ${cycle.plannedH2o2G} g; ${Math.ceil(solutionMl)} ml of solution`,
    ],
    ['Highest', `${cycle.peakPpm} ppm`],
    [
      'Air when the gas began',
      cycle.conditions === null
        ? NOT_KNOWN
        : `${cycle.conditions.temperatureC.toFixed(1)} °C, ${cycle.conditions.relativeHumidityPercent.toFixed(0)} %`,
    ],
  ]
}

function evidenceFacts(report: ProofReport, when: When): Fact[] {
  if (report.method === 'none') return [['Report of the robot', 'none that can be read']]
  if (report.method === 'uv') {
    const { startedAt, finishedAt, elapsedS, plannedS, lampOnS } = report.dose
    return [
      ['Begun', when(startedAt)],
      ['Ended by the robot', when(finishedAt)],
      ['Time', `${duration(elapsedS)}, planned ${duration(plannedS)}`],
      ['Lamp lit', duration(lampOnS)],
    ]
  }
  const { startedAt, finishedAt, elapsedS, clearedAt, wasEvacuated } = report.cycle
  return [
    ['Begun', when(startedAt)],
    ['Ended by the robot', when(finishedAt)],
    ['Time', `${duration(elapsedS)}, predicted ${duration(report.prediction.totalS.likely)}`],
    ['Cleared by its sensors', clearedAt === null ? 'no' : when(clearedAt)],
    ['People called out of the rooms around', wasEvacuated ? 'yes' : 'no'],
  ]
}

function writePeople(document: TaggedDocument, report: ProofReport, when: When): void {
  const arming =
    report.method === 'uv' ? report.dose.arming : report.method === 'none' ? [] : report.cycle.arming
  document.section('Who did what')
  document.table(
    [
      { title: 'What', share: 3 },
      { title: 'Who', share: 3 },
      { title: 'When', share: 3 },
      { title: 'Note', share: 4 },
    ],
    [
      ['Asked for', report.requestedBy, when(report.requestedAt), ''],
      ...(report.approvals.length === 0
        ? [['Approved', report.approvedBy === '' ? NOT_KNOWN : report.approvedBy, NOT_KNOWN, '']]
        : report.approvals.map(({ by, role, at }) => ['Approved', `${by} (${role})`, when(at), ''])),
      ...report.confirmations.map(({ text, by, role, at, doneBy, product }) => [
        `Confirmed: ${text}`,
        `${by} (${role})`,
        when(at),
        [doneBy === null ? '' : `done by ${doneBy}`, product === null ? '' : `with ${product}`]
          .filter((each) => each !== '')
          .join(', '),
      ]),
      ...arming.map(({ step, by, at }) => [
        `Armed: ${spaced(step)}`,
        by ?? 'the robot',
        `${duration(at)} after it took the order`,
        '',
      ]),
      ...(report.stoppedBy === null ? [] : [['Stopped', report.stoppedBy, '', '']]),
      ...report.signatures.map(({ by, role, at, note }) => [
        'Signed',
        `${by} (${role})`,
        when(at),
        note ?? '',
      ]),
      report.releasedBy === null || report.releasedAt === null
        ? [
            'Released',
            'nobody so far',
            '',
            `${report.signatures.length} of ${report.signaturesNeeded} signatures`,
          ]
        : ['Released', report.releasedBy, when(report.releasedAt), report.releaseNote ?? ''],
    ],
  )
  if (report.method !== 'none' && arming.length === 0) document.paragraph('The robot told of no arming.')
  if (report.missedSurfacesWiped !== null) {
    document.paragraph(
      `Missed surfaces were ${report.missedSurfacesWiped ? '' : 'not '}confirmed as wiped by hand.`,
    )
  }
}

function writeLight(document: TaggedDocument, report: UvMissionReport): void {
  const { dose, surfaceDoses } = report
  const faces = missedFaces(dose)
  const numberOf = new Map(
    faces.flatMap(({ number, surfaces }) => surfaces.map(({ id }) => [id, number] as const)),
  )
  const mapPt = mapHeightPt(dose, document.widthPt, MAP_PT)
  document.section('The room from above', mapPt)
  document.figure(mapWords(report, faces), mapPt, (doc, box) => drawRoomMap(doc, box, dose, faces))
  document.paragraph(
    'Circles with numbers: stops of the robot, the short line is its front. Grey: what stood there, as the robot found it. Dashed: doors. Thick bars: upright surfaces that missed their dose; crossed squares: level ones. Numbers in frames: what they belong to, as the lists below number it.',
    { sizePt: 8 },
  )

  document.section('Stops')
  document.table(
    [
      { title: 'No.', share: 1 },
      { title: 'x, m', share: 2, align: 'right' },
      { title: 'y, m', share: 2, align: 'right' },
      { title: 'Planned', share: 3, align: 'right' },
      { title: 'Delivered', share: 3, align: 'right' },
    ],
    dose.stops.map(({ x, y, plannedDwellS, deliveredDwellS }, index) => [
      String(index + 1),
      x.toFixed(2),
      y.toFixed(2),
      duration(plannedDwellS),
      duration(deliveredDwellS),
    ]),
  )

  document.section('Missed surfaces')
  if (dose.missed.length === 0) document.paragraph('None.')
  else {
    document.table(
      [
        { title: 'Map', share: 1 },
        { title: 'Surfaces', share: 10 },
        { title: 'Why', share: 5 },
        { title: 'What would help', share: 4 },
      ],
      missedGroups(dose, numberOf).map(({ number, label, ids, explanation, remedy }) => [
        number === null ? '–' : String(number),
        `${label}: ${ids.length} (${ids.join(', ')})`,
        explanation,
        remedy ?? '–',
      ]),
      'small',
    )
  }

  document.section('Dose of every surface')
  document.paragraph(
    `Target ${dose.targetMjPerCm2.toFixed(2)} mJ/cm². Planned: by the approved plan; “–” where it did not know of the surface. Promised surfaces: least ${report.doseMjPerCm2.min.toFixed(2)}, 5 % below ${report.doseMjPerCm2.p5.toFixed(2)}, half below ${report.doseMjPerCm2.p50.toFixed(2)} mJ/cm².`,
  )
  const missed = new Set(dose.missed.map(({ id }) => id))
  document.table(
    [
      { title: 'Surface', share: 5 },
      { title: 'Id', share: 5 },
      { title: 'Planned, mJ/cm²', share: 3, align: 'right' },
      { title: 'Delivered, mJ/cm²', share: 3, align: 'right' },
      { title: 'Target', share: 4 },
    ],
    surfaceDoses.map(({ id, label, plannedMjPerCm2, deliveredMjPerCm2, isPromised }) => [
      label,
      id,
      plannedMjPerCm2 === null ? '–' : plannedMjPerCm2.toFixed(2),
      deliveredMjPerCm2.toFixed(2),
      `${missed.has(id) ? `MISSED ${numberOf.get(id) ?? ''}` : 'reached'}${isPromised ? '' : ', not promised'}`,
    ]),
    'small',
  )
}

interface MissedGroup {
  /** On the map; `null`: it stands on none. */
  readonly number: number | null
  readonly label: string
  readonly ids: string[]
  readonly explanation: string
  readonly remedy: string | null
}

/** Missed surfaces of one thing that were missed for the same reason, together. */
function missedGroups({ missed }: DoseReport, numberOf: ReadonlyMap<string, number>): MissedGroup[] {
  const groups = new Map<string, MissedGroup>()
  for (const { id, label, explanation, remedy } of missed) {
    const number = numberOf.get(id) ?? null
    const part: MissedGroup = { number, label, ids: [], explanation, remedy }
    // A large wall takes several rows.
    for (let row = 0; ; row += 1) {
      const key = JSON.stringify([number, label, explanation, remedy, row])
      const group = groups.get(key) ?? part
      if (group.ids.length >= MOST_IDS) continue
      group.ids.push(id)
      groups.set(key, group)
      break
    }
  }
  return [...groups.values()]
}

function mapWords({ roomName, dose }: UvMissionReport, faces: readonly MissedFace[]): string {
  const stops = dose.stops.map(({ x, y }, index) => `${index + 1} at ${x.toFixed(1)}, ${y.toFixed(1)} m`)
  const missed = faces.map(({ number, label }) => `${number}: ${label}`)
  return [
    `${roomName} from above.`,
    stops.length === 0 ? 'No stops.' : `Stops of the robot: ${stops.join('; ')}.`,
    missed.length === 0
      ? 'No surface missed its dose.'
      : `Surfaces missed their dose at ${missed.join('; ')}.`,
    'The same is in the tables below.',
  ].join(' ')
}

function writeGas(document: TaggedDocument, report: GasMissionReport): void {
  const { cycle, samples, neighbours } = report
  const rooms = new Map(neighbours.map(({ roomId, name }) => [roomId, name]))
  document.section('Course of the gas', samples.length === 0 ? 34 : CHART_PT)
  if (samples.length === 0) document.paragraph('The server heard no readings while the gas was in.')
  else {
    document.figure(
      `Concentration over time: ${samples.length} readings, at most ${cycle.peakPpm} ppm in the room, target ${cycle.targetPpm} ppm. The figures are in the tables below.`,
      CHART_PT,
      (doc, box) => drawGasChart(doc, box, report),
    )
  }
  document.section('Sensors in the room')
  document.table(
    [
      { title: 'Sensor', share: 3 },
      { title: 'Highest', share: 2, align: 'right' },
      { title: 'At the target for', share: 3, align: 'right' },
      { title: 'Exposure, ppm·h', share: 2, align: 'right' },
      { title: 'Has seen the gas', share: 2 },
      { title: 'When cleared', share: 2, align: 'right' },
    ],
    cycle.sensors.map(({ sensorId, peakPpm, dwellS, ppmHours, isProven, atClearancePpm }) => [
      sensorId,
      `${peakPpm} ppm`,
      duration(dwellS),
      String(ppmHours),
      isProven ? 'yes' : 'NO',
      orNotKnown(atClearancePpm, ' ppm'),
    ]),
  )
  document.section('Sensors beyond its doors')
  if (cycle.outside.length === 0) document.paragraph('None.')
  else {
    document.table(
      [
        { title: 'Sensor', share: 1 },
        { title: 'Room', share: 1 },
        { title: 'Highest', share: 1, align: 'right' },
      ],
      cycle.outside.map(({ sensorId, roomId, peakPpm }) => [
        sensorId,
        rooms.get(roomId) ?? roomId,
        `${peakPpm} ppm`,
      ]),
    )
  }
}

interface Course {
  readonly interlocks: readonly {
    readonly at: number
    readonly kind: string
    readonly detail: string
    readonly wasLit?: boolean
    readonly wasGassing?: boolean
  }[]
  readonly timeline: readonly { readonly at: number; readonly phase: string }[]
}

function writeCourse(document: TaggedDocument, { interlocks, timeline }: Course): void {
  document.section('Interlocks')
  if (interlocks.length === 0) document.paragraph('None tripped.')
  else {
    document.table(
      [
        { title: 'After', share: 2 },
        { title: 'What', share: 3 },
        { title: 'Which', share: 5 },
        { title: 'Lamp or generator', share: 2 },
      ],
      interlocks.map(({ at, kind, detail, wasLit, wasGassing }) => [
        duration(at),
        spaced(kind),
        detail,
        (wasLit ?? wasGassing ?? false) ? 'was on' : 'was off',
      ]),
    )
  }
  document.section('Phases')
  document.table(
    [
      { title: 'After', share: 1 },
      { title: 'Phase', share: 3 },
    ],
    timeline.map(({ at, phase }) => [duration(at), spaced(phase)]),
  )
}

function writeInstruments(
  document: TaggedDocument,
  instruments: DoseReport['instruments'] | null,
  when: When,
): void {
  document.section('Instruments of the robot')
  if (instruments === null || instruments === undefined) {
    document.paragraph(
      'Not known: this robot does not tell of its calibrations, the hours of its tubes, its guards, and its software.',
    )
    return
  }
  document.facts([['Software of the robot', instruments.softwareVersion]])
  writeCalibrations(document, instruments.calibrations)
  if (instruments.tubes.length > 0) {
    document.table(
      [
        { title: 'Tube', share: 2 },
        { title: 'Hours burned of its rated life', share: 3 },
        { title: 'Its output is', share: 3 },
        { title: 'Last measured by the robot', share: 3 },
      ],
      instruments.tubes.map((tube) => [tube.id, ...tubeWords(tube)]),
    )
  }
  if (instruments.doorGuards.length > 0) {
    document.table(
      [
        { title: 'Door', share: 2 },
        { title: 'Its guard last told of an open door', share: 3 },
      ],
      instruments.doorGuards.map(({ name, openedAt }) => [
        name,
        openedAt === null ? NOT_KNOWN : when(openedAt),
      ]),
    )
  }
  if (instruments.gasSensors.length > 0) {
    document.table(
      [
        { title: 'Gas sensor', share: 2 },
        { title: 'Room', share: 2 },
        { title: 'Answered to test gas', share: 3 },
      ],
      instruments.gasSensors.map(({ sensorId, roomId, bumpTestedAt }) => [
        sensorId,
        roomId,
        bumpTestedAt === null ? NOT_KNOWN : when(bumpTestedAt),
      ]),
    )
  }
}

function writeCalibrations(document: TaggedDocument, calibrations: Instruments['calibrations']): void {
  if (calibrations.length === 0) {
    document.paragraph("Calibrations are not known: nobody has written any into the robot's file.")
    return
  }
  document.table(
    [
      { title: 'Instrument', share: 3 },
      { title: 'Calibrated', share: 2 },
      { title: 'By', share: 3 },
      { title: 'Valid until', share: 2 },
      { title: 'Certificate', share: 3 },
    ],
    calibrations.map(({ instrument, calibratedOn, by, validUntil, certificate }) => [
      instrument,
      calibratedOn,
      by,
      validUntil ?? NOT_KNOWN,
      certificate ?? NOT_KNOWN,
    ]),
  )
}
