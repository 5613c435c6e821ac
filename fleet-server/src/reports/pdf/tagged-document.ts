import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import PDFDocument from 'pdfkit'

/** A4 portrait, points. */
const PAGE = { widthPt: 595.28, heightPt: 841.89 } as const
const MARGIN_PT = 48
/** Of text that stands below everything else of a page. */
const FOOT_PT = 40
const TEXT_PT = 9
const SMALL_PT = 7
/** Of one cell: what somebody typed is shorter, what a robot sends may be of any length. */
const MOST_CHARACTERS = 1800

/** Of tables: of their text, and around it. */
const LOOKS = { usual: { textPt: 8, padPt: 3 }, small: { textPt: 7, padPt: 1.2 } } as const
/** … at the sides. */
const SIDE_PT = 4
type Look = keyof typeof LOOKS

/** Everything is black on white, and greys that a photocopier keeps apart. */
export const INK = { text: '#000000', soft: '#444444', line: '#777777', fill: '#e6e6e6' } as const

const require = createRequire(import.meta.url)
const FONTS = { regular: '400Regular/Inter_400Regular', bold: '700Bold/Inter_700Bold' } as const
type FontName = keyof typeof FONTS

export interface Column {
  readonly title: string
  /** Of the width, against the other columns. */
  readonly share: number
  readonly align?: 'right'
}

export interface Box {
  readonly xPt: number
  readonly yPt: number
  readonly widthPt: number
  readonly heightPt: number
}

export interface Attachment {
  readonly name: string
  readonly type: string
  readonly description: string
  readonly bytes: Buffer
}

/** What pdfkit's types do not know of it. */
interface Untyped {
  readonly compress: boolean
  readonly _font: { readonly font: { hasGlyphForCodePoint(codePoint: number): boolean } }
}
type Element = PDFKit.PDFStructureElement

/**
 * Writes a document that can be read aloud as well as looked at: tagged, in a language, with headings, tables with headers
 * and text for every picture; as PDF/A-3a, its fonts in it. The same calls give the same bytes.
 */
export class TaggedDocument {
  readonly #doc: PDFKit.PDFDocument
  readonly #bytes: Promise<Buffer>
  readonly #root: Element
  #section: Element | null = null
  #yPt = MARGIN_PT
  #look: (typeof LOOKS)[Look] = LOOKS.usual

  constructor(options: {
    readonly title: string
    readonly subject: string
    readonly author: string
    readonly at: Date
  }) {
    const { title, subject, author, at } = options
    this.#doc = new PDFDocument({
      size: 'A4',
      margin: 0,
      pdfVersion: '1.7',
      subset: 'PDF/A-3a' as 'PDF/A-3',
      tagged: true,
      displayTitle: true,
      lang: 'en-GB',
      autoFirstPage: false,
      bufferPages: true,
      info: {
        Title: title,
        Subject: subject,
        Author: author,
        Creator: 'Wardlight',
        Producer: 'Wardlight, pdfkit',
        CreationDate: at,
        ModDate: at,
      },
    })
    const chunks: Buffer[] = []
    this.#bytes = new Promise((resolve, reject) => {
      this.#doc.on('data', (chunk: Buffer) => chunks.push(chunk))
      this.#doc.on('end', () => resolve(Buffer.concat(chunks)))
      this.#doc.on('error', reject)
    })
    for (const [name, file] of Object.entries(FONTS)) {
      this.#doc.registerFont(name, readFileSync(require.resolve(`@expo-google-fonts/inter/${file}.ttf`)))
    }
    this.#doc.addPage()
    this.#use('regular', TEXT_PT)
    this.#root = this.#doc.struct('Document', { title })
    this.#doc.addStructure(this.#root)
  }

  get widthPt(): number {
    return PAGE.widthPt - 2 * MARGIN_PT
  }

  /** The title of the whole. */
  title(text: string): void {
    this.#text(this.#root, 'H1', text, 'bold', 18, 4)
  }

  /** What follows is below it. @param followsPt height of what must stand on the same page */
  section(heading: string, followsPt = 34): void {
    this.#section?.end()
    this.#section = this.#doc.struct('Sect')
    this.#root.add(this.#section)
    this.#yPt += 10
    this.#need(26 + followsPt)
    this.#text(this.#section, 'H2', heading, 'bold', 12, 4)
  }

  paragraph(text: string, look: { readonly isBold?: boolean; readonly sizePt?: number } = {}): void {
    const { isBold = false, sizePt = TEXT_PT } = look
    this.#text(this.#parent, 'P', text, isBold ? 'bold' : 'regular', sizePt, 4)
  }

  /** In a frame: what has to be seen first. */
  banner(heading: string, text: string): void {
    const innerPt = this.widthPt - 20
    const headingPt = this.#heightOf(heading, 'bold', 13, innerPt)
    const heightPt = headingPt + this.#heightOf(text, 'regular', TEXT_PT, innerPt) + 22
    this.#need(heightPt)
    const top = this.#yPt
    this.#artifact(() => {
      this.#doc.lineWidth(1.5).rect(MARGIN_PT, top, this.widthPt, heightPt).stroke(INK.text)
    })
    this.#write(this.#parent, 'P', heading, 'bold', 13, {
      xPt: MARGIN_PT + 10,
      yPt: top + 9,
      widthPt: innerPt,
    })
    this.#write(this.#parent, 'P', text, 'regular', TEXT_PT, {
      xPt: MARGIN_PT + 10,
      yPt: top + 11 + headingPt,
      widthPt: innerPt,
    })
    this.#yPt = top + heightPt + 8
  }

  /** Names and values; the names are the headers of their rows. */
  facts(rows: readonly (readonly [string, string])[]): void {
    const columns: Column[] = [
      { title: '', share: 1 },
      { title: '', share: 3 },
    ]
    const table = this.#begin('Table')
    for (const row of rows) {
      this.#row(
        table,
        columns,
        row.map((cell) => this.#cut(cell)),
        (index) => (index === 0 ? 'Row' : null),
      )
    }
    table.end()
    this.#yPt += 4
  }

  /** Its header stands again on each page. @param look `small` for what is long */
  table(columns: readonly Column[], rows: readonly (readonly string[])[], look: Look = 'usual'): void {
    const titles = columns.map(({ title }) => title)
    this.#look = LOOKS[look]
    const table = this.#begin('Table')
    this.#need(40)
    this.#row(table, columns, titles, () => 'Column')
    for (const cells of rows) {
      const row = cells.map((cell) => this.#cut(cell))
      if (this.#need(this.#rowHeight(columns, row, 'regular'))) {
        this.#artifact(() => this.#drawRow(columns, titles, 'bold', (_, draw) => draw()))
      }
      this.#row(table, columns, row, () => null)
    }
    table.end()
    this.#look = LOOKS.usual
    this.#yPt += 4
  }

  /** @param alt what it shows, for who does not see it */
  figure(alt: string, heightPt: number, draw: (doc: PDFKit.PDFDocument, box: Box) => void): void {
    this.#need(heightPt + 8)
    const box = { xPt: MARGIN_PT, yPt: this.#yPt, widthPt: this.widthPt, heightPt }
    const bbox = [box.xPt, box.yPt, box.xPt + box.widthPt, box.yPt + box.heightPt]
    const figure = this.#doc.struct('Figure', { alt, bbox, placement: 'Block' } as object, () => {
      this.#doc.save()
      draw(this.#doc, box)
      this.#doc.restore()
    })
    this.#parent.add(figure)
    this.#use('regular', TEXT_PT)
    this.#yPt += heightPt + 8
  }

  /** @param footer for each page, whose number is from 1 */
  async end(
    footer: (page: number, pages: number) => readonly string[],
    attachment: Attachment,
  ): Promise<Buffer> {
    this.#section?.end()
    const { count } = this.#doc.bufferedPageRange()
    for (let page = 0; page < count; page += 1) {
      this.#doc.switchToPage(page)
      const lines = footer(page + 1, count)
      this.#artifact(() => {
        this.#use('regular', SMALL_PT)
        const top = PAGE.heightPt - FOOT_PT
        this.#doc
          .lineWidth(0.5)
          .moveTo(MARGIN_PT, top)
          .lineTo(PAGE.widthPt - MARGIN_PT, top)
          .stroke(INK.line)
        lines.forEach((line, index) => {
          this.#doc.fillColor(INK.text).text(this.shown(line), MARGIN_PT, top + 5 + 10 * index, {
            width: this.widthPt,
            lineBreak: false,
          })
        })
      }, 'Pagination')
    }
    this.#root.end()
    this.#attach(attachment)
    this.#doc.end()
    return this.#bytes
  }

  /** As much of a text as a page can hold beside others. */
  #cut(text: string): string {
    return text.length <= MOST_CHARACTERS
      ? text
      : `${text.slice(0, MOST_CHARACTERS)} … (the signed file has all of it)`
  }

  /** What the font has no picture for stands as a question mark: the signed file has it. */
  shown(text: string): string {
    const { font } = (this.#doc as unknown as Untyped)._font
    return Array.from(text.replaceAll(/\s+/g, ' '))
      .map((character) => (font.hasGlyphForCodePoint(character.codePointAt(0)!) ? character : '?'))
      .join('')
  }

  get #parent(): Element {
    return this.#section ?? this.#root
  }

  /** As it is, not packed: whoever has no PDF reader finds it by its bytes. */
  #attach({ name, type, description, bytes }: Attachment): void {
    const doc = this.#doc as unknown as { compress: boolean }
    const { compress } = doc
    doc.compress = false
    const at = this.#doc.info.CreationDate!
    this.#doc.file(bytes, {
      name,
      type,
      description,
      creationDate: at,
      modifiedDate: at,
      relationship: 'Source',
    } as PDFKit.Mixins.PDFAttachmentOptions)
    doc.compress = compress
  }

  #begin(type: string): Element {
    const element = this.#doc.struct(type)
    this.#parent.add(element)
    return element
  }

  #text(parent: Element, type: string, text: string, font: FontName, sizePt: number, gapPt: number): void {
    const heightPt = this.#heightOf(text, font, sizePt, this.widthPt)
    this.#need(heightPt)
    this.#write(parent, type, text, font, sizePt, {
      xPt: MARGIN_PT,
      yPt: this.#yPt,
      widthPt: this.widthPt,
    })
    this.#yPt += heightPt + gapPt
  }

  #write(
    parent: Element,
    type: string,
    text: string,
    font: FontName,
    sizePt: number,
    { xPt, yPt, widthPt }: Omit<Box, 'heightPt'>,
  ): void {
    parent.add(
      this.#doc.struct(type, {}, () => {
        this.#use(font, sizePt)
        this.#doc.text(this.shown(text), xPt, yPt, { width: widthPt })
      }),
    )
  }

  /** @param scopeOf of which cells the one at an index is the header; `null`: it is none */
  #row(
    table: Element,
    columns: readonly Column[],
    cells: readonly string[],
    scopeOf: (index: number) => 'Row' | 'Column' | null,
  ): void {
    const isHeader = scopeOf(columns.length - 1) !== null
    this.#need(this.#rowHeight(columns, cells, isHeader ? 'bold' : 'regular'))
    const row = this.#doc.struct('TR')
    table.add(row)
    this.#drawRow(columns, cells, isHeader ? 'bold' : 'regular', (index, draw) => {
      const scope = scopeOf(index)
      row.add(
        scope === null ? this.#doc.struct('TD', {}, draw) : this.#doc.struct('TH', { scope } as object, draw),
      )
    })
    row.end()
  }

  #drawRow(
    columns: readonly Column[],
    cells: readonly string[],
    font: FontName,
    place: (index: number, draw: () => void) => void,
  ): void {
    const heightPt = this.#rowHeight(columns, cells, font)
    const widths = this.#widthsOf(columns)
    let xPt = MARGIN_PT
    cells.forEach((cell, index) => {
      const widthPt = widths[index]!
      const left = xPt
      place(index, () => {
        const { textPt, padPt } = this.#look
        this.#use(font, textPt)
        this.#doc.text(this.shown(cell), left + SIDE_PT, this.#yPt + padPt, {
          width: widthPt - 2 * SIDE_PT,
          align: columns[index]!.align ?? 'left',
        })
      })
      xPt += widthPt
    })
    this.#yPt += heightPt
    const bottom = this.#yPt
    const rule = () =>
      this.#doc
        .lineWidth(font === 'bold' ? 1 : 0.4)
        .moveTo(MARGIN_PT, bottom)
        .lineTo(PAGE.widthPt - MARGIN_PT, bottom)
        .stroke(INK.line)
    if (this.#isArtifact) rule()
    else this.#artifact(rule)
  }

  #rowHeight(columns: readonly Column[], cells: readonly string[], font: FontName): number {
    const widths = this.#widthsOf(columns)
    const { textPt, padPt } = this.#look
    const heights = cells.map((cell, index) =>
      this.#heightOf(cell, font, textPt, widths[index]! - 2 * SIDE_PT),
    )
    return Math.max(...heights) + 2 * padPt
  }

  #widthsOf(columns: readonly Column[]): number[] {
    const sum = columns.reduce((total, { share }) => total + share, 0)
    return columns.map(({ share }) => (this.widthPt * share) / sum)
  }

  #heightOf(text: string, font: FontName, sizePt: number, widthPt: number): number {
    this.#use(font, sizePt)
    return this.#doc.heightOfString(this.shown(text), { width: widthPt })
  }

  /** @returns whether a new page was begun for it */
  #need(heightPt: number): boolean {
    if (this.#yPt + heightPt <= PAGE.heightPt - FOOT_PT - 10) return false
    this.#doc.addPage()
    this.#yPt = MARGIN_PT
    return true
  }

  #isArtifact = false

  /** Looked at, and not read aloud. */
  #artifact(draw: () => void, type: 'Layout' | 'Pagination' = 'Layout'): void {
    this.#doc.markContent('Artifact', { type })
    this.#isArtifact = true
    draw()
    this.#isArtifact = false
    this.#doc.endMarkedContent()
  }

  #use(font: FontName, sizePt: number): void {
    this.#doc.font(font).fontSize(sizePt).fillColor(INK.text)
  }
}
