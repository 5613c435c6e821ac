import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import {
  PDFArray,
  PDFDict,
  PDFDocument,
  PDFHexString,
  PDFName,
  PDFString,
  type PDFObject,
} from '@cantoo/pdf-lib'
import { ProofSchema, type Proof, type UnevidencedMissionReport } from '@wardlight/core/fleet'
import fc from 'fast-check'
import { Compile } from 'typebox/compile'
import { beforeAll, describe, expect, it } from 'vitest'
import { sampleGasReport, sampleProof, sampleUvReport } from '../../testing/sample-proof.ts'
import { ProofChecker } from '../check-proof.ts'
import { sealPdf } from '../pdf-seal.ts'
import { signProof } from '../sign-proof.ts'
import { publicPem, readPublicKeys, signerOf } from '../signing.ts'
import { proofPdf } from './proof-pdf.ts'

const isProof = Compile(ProofSchema)
const signer = signerOf(generateKeyPairSync('ed25519').privateKey)
const later = signerOf(generateKeyPairSync('ed25519').privateKey)
const keys = readPublicKeys(`${publicPem(signer.publicKey)}${publicPem(later.publicKey)}`, 'test')
const hasPdftotext = spawnSync('pdftotext', ['-v']).error === undefined

interface Made {
  readonly proof: Proof
  readonly file: string
  readonly pdf: Buffer
}

async function made(proof: Proof): Promise<Made> {
  expect(isProof.Errors(proof)).toEqual([])
  const file = signProof(proof, signer)
  return { proof, file, pdf: sealPdf(await proofPdf(file), Buffer.from(file), later) }
}

const name = (text: string) => PDFName.of(text)

/** The tags in the order in which they are read, with what stands for a picture. */
function tagsOf(
  document: PDFDocument,
): { readonly tag: string; readonly alt: string | null; readonly scope: string | null }[] {
  const tags: ReturnType<typeof tagsOf> = []
  const walk = (object: PDFObject | undefined): void => {
    if (object instanceof PDFArray) {
      for (let index = 0; index < object.size(); index += 1) walk(object.lookup(index))
    } else if (object instanceof PDFDict && object.has(name('S'))) {
      const alt = object.lookup(name('Alt'))
      const attributes = object.lookup(name('A'))
      const scope = attributes instanceof PDFDict ? attributes.lookup(name('Scope')) : undefined
      tags.push({
        tag: String(object.lookup(name('S'))).slice(1),
        alt: alt instanceof PDFString || alt instanceof PDFHexString ? alt.decodeText() : null,
        scope: scope === undefined ? null : String(scope).slice(1),
      })
      walk(object.lookup(name('K')))
    }
  }
  walk(document.catalog.lookup(name('StructTreeRoot'), PDFDict).lookup(name('K')))
  return tags
}

describe('a proof as a PDF', () => {
  let light: Made
  beforeAll(async () => {
    light = await made(sampleProof())
  })

  it('is the same byte by byte whenever it is made', async () => {
    expect(await proofPdf(light.file)).toEqual(await proofPdf(light.file))
  })

  it('can be read aloud: language, title, headings, tables with headers, words for the map', async () => {
    const document = await PDFDocument.load(light.pdf, { updateMetadata: false })
    const { catalog } = document
    expect(String(catalog.lookup(name('Lang')))).toBe('(en-GB)')
    expect(String(catalog.lookup(name('MarkInfo'), PDFDict).lookup(name('Marked')))).toBe('true')
    expect(document.getTitle()).toBe('Proof 7 of disinfection: Isolation 1 (Łódź)')
    const tags = tagsOf(document)
    const count = (tag: string) => tags.filter((each) => each.tag === tag).length
    expect(tags[0]?.tag).toBe('Document')
    expect([count('H1'), count('Figure')]).toEqual([1, 1])
    expect(count('H2')).toBe(count('Sect'))
    const map = tags.find(({ tag }) => tag === 'Figure')!.alt!
    const { report } = light.proof as { report: ReturnType<typeof sampleUvReport> }
    expect(map).toContain(`${report.roomName} from above. Stops of the robot: 1 at`)
    expect(map).toContain('Surfaces missed their dose at 1: ')
    // Each row of each table has a header that says for what it is one, and every surface has its row.
    expect(tags.filter(({ tag }) => tag === 'TH').every(({ scope }) => scope !== null)).toBe(true)
    expect(count('TR')).toBeGreaterThan(report.surfaces.total)
    const fonts = document.context.enumerateIndirectObjects().filter(([, object]) => {
      return object instanceof PDFDict && String(object.get(name('Type'))) === '/FontDescriptor'
    })
    expect(fonts.length).toBeGreaterThan(0)
    for (const [, font] of fonts) expect((font as PDFDict).has(name('FontFile2'))).toBe(true)
  })

  it.skipIf(!hasPdftotext)(
    `says what the proof says, on every page whose it is${hasPdftotext ? '' : ' (skipped: no pdftotext)'}`,
    () => {
      const { stdout } = spawnSync('pdftotext', ['-layout', '-', '-'], { input: light.pdf })
      const text = stdout.toString().replaceAll(/\s+/g, ' ')
      const checked = new ProofChecker(keys).pdf(light.pdf)
      if (typeof checked === 'string') throw new Error(checked)
      const pages = stdout.toString().split('\f').length - 1
      const { report } = light.proof as { report: ReturnType<typeof sampleUvReport> }
      expect(text.split(`SHA-256 ${checked.proof.sha256}`)).toHaveLength(pages + 1)
      expect(text).toContain(`page ${pages} of ${pages}`)
      expect(text).toContain('PROVEN Every surface that the approved plan promised got its target dose.')
      expect(text).toContain('2026-01-05 04:10:00 +01:00')
      expect(text).toContain('door opened the door of the bath was on')
      expect(text).toContain('Not known: this robot does not tell of its calibrations')
      for (const { id, deliveredMjPerCm2 } of report.surfaceDoses) {
        expect(text).toMatch(
          new RegExp(
            `${id.replaceAll('.', '\\.')} [\\d.–]+ ${deliveredMjPerCm2.toFixed(2)} (reached|MISSED \\d+)`,
          ),
        )
      }
      for (const { explanation } of report.dose.missed)
        expect(text.replaceAll(' ', '')).toContain(explanation.slice(0, 12).replaceAll(' ', ''))
    },
  )

  it('shows gas, and what is left where no robot told anything', async () => {
    const gas = await made(sampleProof(sampleGasReport()))
    const tags = tagsOf(await PDFDocument.load(gas.pdf, { updateMetadata: false }))
    expect(tags.find(({ tag }) => tag === 'Figure')?.alt).toContain('60 readings')
    const { dose: _, ...rest } = sampleUvReport()
    const none: UnevidencedMissionReport = {
      ...rest,
      method: 'none',
      plannedMethod: 'hpv',
      verdict: 'incomplete',
      evidence: null,
      handMeasurement: {
        readings: [{ place: 'bed', ppm: 0.3 }],
        instrument: 'Handheld 7',
        by: 'Erin Engineer',
        role: 'engineer',
        at: rest.orderedAt,
      },
    }
    const left = await made({ ...sampleProof(none), kind: 'measured' })
    expect(new ProofChecker(keys).pdf(left.pdf)).toMatchObject({ proof: { kind: 'measured' } })
  })

  it('holds whatever a robot sends, however long and however odd', async () => {
    const report = sampleUvReport()
    const texts = ['x'.repeat(20_000), 'two words '.repeat(3000), '患者 \u202e \u0000 🧼', '']
    report.dose.interlocks = texts.map((detail, at) => ({ at, kind: 'door.opened', detail, wasLit: false }))
    const odd = await made(sampleProof({ ...report, releaseNote: texts[0]!, roomName: texts[2]! }))
    expect(new ProofChecker(keys).pdf(odd.pdf)).toMatchObject({ proof: { sequence: 7 } })
    const pages = async (pdf: Buffer) =>
      (await PDFDocument.load(pdf, { updateMetadata: false })).getPageCount()
    expect(await pages(odd.pdf)).toBeLessThanOrEqual((await pages(light.pdf)) + 6)
  })

  it('holds the signed file as it is, and its seal finds every changed bit', () => {
    const checker = new ProofChecker(keys)
    expect(checker.pdf(light.pdf)).toMatchObject({
      keyId: later.keyId,
      proof: { sequence: 7, keyId: signer.keyId },
    })
    expect(light.pdf.includes(light.file)).toBe(true)
    const changed = (bit: number) => {
      const copy = Buffer.from(light.pdf)
      copy[bit >> 3]! ^= 1 << (bit & 7)
      return checker.pdf(copy)
    }
    const sealBit = 8 * light.pdf.lastIndexOf('%wardlight-pdf')
    const tableBit = 8 * light.pdf.lastIndexOf('\nxref')
    const lastBit = 8 * light.pdf.length - 1
    const bits = fc.oneof(
      fc.nat(lastBit),
      fc.integer({ min: sealBit, max: tableBit }),
      fc.integer({ min: tableBit, max: lastBit }),
      fc.integer({ min: lastBit - 8 * 40, max: lastBit }),
    )
    fc.assert(
      fc.property(bits, (bit) => {
        expect(typeof changed(bit)).toBe('string')
      }),
      { numRuns: 600 },
    )
  })

  it('is found out when anything is put before it, behind it, or in place of its proof', () => {
    const checker = new ProofChecker(keys)
    expect(checker.pdf(Buffer.concat([light.pdf, Buffer.from('\n')]))).toContain('no seal')
    expect(typeof checker.pdf(Buffer.concat([Buffer.from('%PDF-1.7\n'), light.pdf]))).toBe('string')
    const other = signProof({ ...light.proof, sequence: 8 }, signer)
    const text = light.pdf.toString('latin1')
    expect(other).toHaveLength(light.file.length)
    const swapped = Buffer.from(
      text.replace(Buffer.from(light.file).toString('latin1'), () => Buffer.from(other).toString('latin1')),
      'latin1',
    )
    expect(checker.pdf(swapped)).toContain('the PDF: the signature does not hold')
    expect(new ProofChecker(readPublicKeys(publicPem(signer.publicKey), 'test')).pdf(light.pdf)).toContain(
      'none of those',
    )
  })
})
