import { createThread } from '../planning/thread.ts'
import type { PdfRenderer } from './proofs.ts'

/**
 * Makes PDFs in a thread, so that the server goes on answering.
 *
 * @throws WARD_ERR_CONFIG when Wardlight is not built.
 */
export function createPdfThread(): PdfRenderer & { stop(): Promise<void> } {
  const thread = createThread<string, Uint8Array>('reports/pdf-worker')
  return { render: (file) => thread.run(file), stop: () => thread.stop() }
}
