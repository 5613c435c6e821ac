import { createHash, generateKeyPairSync, verify, type KeyObject } from 'node:crypto'
import { organismById, planTreatment, surfacesOf } from '@wardlight/core/disinfection'
import { PROOF_FORMAT, splitProofFile, type DoseReport, type Proof } from '@wardlight/core/fleet'
import {
  ProofChecker,
  proofPdf,
  publicPem,
  readPublicKeys,
  sealPdf,
  signerOf,
  signProof,
  uvMissionReport,
} from '@wardlight/fleet-server/reports'
import { roomInput } from './bench-rooms.ts'
import { compare, elapsedMs, spreadOf } from './measure.ts'
import type { BenchSettings, BenchSuite, GrowthTable } from './suite.ts'

/** From a bathroom to the largest room of isolation. */
const ROOMS = ['I1-bath', 'I1-ante', 'I1'] as const
const AT = '2026-01-05T03:10:00.000Z'

export const PROOF_SUITE: BenchSuite = {
  id: 'proof',
  about: 'signed proofs: checking them, and laying them out for print',
  async run(settings) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const signer = signerOf(privateKey)
    const checks = settings.isQuick ? 5 : 300
    const file = Buffer.from(signProof(proofOf(settings.isQuick ? ROOMS[0] : 'I1'), signer))
    const checker = new ProofChecker(readPublicKeys(publicPem(signer.publicKey), 'bench'))
    const per = (work: () => unknown) =>
      (1000 * elapsedMs(() => Array.from({ length: checks }, work))) / checks
    const row = compare(
      {
        id: 'check',
        name: `Checking a signed proof of ${Math.round(file.length / 1000)} kB`,
        unit: 'µs a proof',
        // Proposed: what is added to the floor is a tenth.
        goal: 1 / 1.1,
        ours: {
          name: 'taken apart, signature, key, head, hash',
          measure: () =>
            per(() => {
              const checked = checker.file(file)
              if (typeof checked === 'string') throw new Error(checked)
            }),
        },
        peer: {
          name: 'JSON.parse, one SHA-256, one Ed25519 verify of the same bytes',
          measure: () => per(() => floor(file, publicKey)),
        },
        notes: () => [`${Math.round(1e6 / per(() => checker.file(file)))} proofs a second on one core`],
      },
      settings.rounds,
    )
    return { suite: 'proof', rows: [row], growth: [await pdfTable(settings, signer)] }
  },
}

function floor(file: Buffer, key: KeyObject): void {
  const { signed, signature } = splitProofFile(file)!
  JSON.parse(file.toString())
  createHash('sha256').update(file).digest('hex')
  if (!verify(null, signed, key, Buffer.from(signature.value, 'hex'))) throw new Error('It does not hold')
}

async function pdfTable(
  { rounds, isQuick }: BenchSettings,
  signer: ReturnType<typeof signerOf>,
): Promise<GrowthTable> {
  const rows: { size: number; figures: number[] }[] = []
  for (const room of isQuick ? ROOMS.slice(0, 1) : ROOMS) {
    const proof = proofOf(room)
    const file = signProof(proof, signer)
    const times: number[] = []
    let bytes = 0
    // The first warms up.
    for (let round = 0; round <= rounds; round += 1) {
      const begunMs = performance.now()
      bytes = sealPdf(await proofPdf(file), Buffer.from(file), signer).length
      times.push(performance.now() - begunMs)
    }
    const surfaces = proof.report.method === 'uv' ? proof.report.surfaces.total : 0
    rows.push({ size: surfaces, figures: [spreadOf(times.slice(1)).median, bytes / 1000] })
  }
  return {
    id: 'proof.pdf',
    name: 'A sealed PDF of a proof',
    size: 'surfaces',
    figures: ['ms', 'kB'],
    rows: rows.toSorted((a, b) => a.size - b.size),
    notes: ['the server does it in a thread, when somebody asks for it'],
  }
}

/** A proof of a room of the sample hospital, whose surfaces got what was planned. */
function proofOf(roomName: string): Proof {
  const input = roomInput(roomName)
  const plan = planTreatment(input)
  const surfaces = surfacesOf(plan.room, plan.surfaceSizeM)
  const dose: DoseReport = {
    missionId: 'mission-1',
    robotId: 'wardlight.uv-01',
    roomId: plan.room.roomId,
    organismId: plan.organismId,
    targetLog: plan.targetLog,
    targetMjPerCm2: plan.targetMjPerCm2,
    verdict: 'proven',
    startedAt: '2026-01-05T03:00:00.000Z',
    finishedAt: AT,
    plannedS: plan.plannedS,
    elapsedS: plan.plannedS,
    lampOnS: plan.dwellS,
    stops: plan.stops.map(({ x, y, theta, dwellS }) => ({
      ...{ x, y, theta },
      plannedDwellS: dwellS,
      deliveredDwellS: dwellS,
    })),
    room: structuredClone(plan.room) as DoseReport['room'],
    surfaceSizeM: plan.surfaceSizeM,
    deliveredMjPerCm2: plan.predictedMjPerCm2.map((each) => Math.floor(100 * each) / 100),
    missed: [...plan.unreachable],
    interlocks: [],
    timeline: [{ at: 0, phase: 'traveling' }],
    arming: [{ at: 60, step: 'started', by: 'Nora Nurse' }],
  }
  const report = uvMissionReport(dose, plan, surfaces, surfaces, {
    missionId: dose.missionId,
    roomId: dose.roomId,
    roomName,
    levelId: plan.room.levelId,
    verdict: 'proven',
    problem: null,
    outcome: 'Dose proven',
    orderedAt: dose.startedAt,
    endedAt: AT,
    stoppedBy: null,
    steps: [{ method: 'uv', missionId: dose.missionId, verdict: 'proven' }],
    stepNumber: 0,
    requestedBy: 'Nora Nurse',
    requestedAt: dose.startedAt,
    approvedBy: 'Nora Nurse',
    protocol: null,
    confirmations: [],
    approvals: [],
    signatures: [],
    signaturesNeeded: 1,
    handMeasurement: null,
    missedSurfacesWiped: null,
    claim: 'Every promised surface received at least its target.',
    validationId: null,
    releasedBy: null,
    releasedAt: null,
    releaseNote: null,
    robot: { id: dose.robotId, batteryHealth: null, drivenM: null },
    evidence: { sha256: '0'.repeat(64), receivedAt: AT },
    softwareVersion: 'bench',
    organismName: organismById(plan.organismId).name,
    logReduction: { cautious: 3, likely: null, favourable: null },
  })
  return {
    format: PROOF_FORMAT,
    hospital: 'Sample hospital',
    sequence: 1,
    previousSha256: null,
    issuedAt: AT,
    missionId: dose.missionId,
    kind: 'ended',
    timeZone: 'UTC',
    report,
  }
}
