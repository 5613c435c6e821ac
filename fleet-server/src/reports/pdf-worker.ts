import { answerJobs } from '../planning/answer-jobs.ts'
import { proofPdf } from './pdf/proof-pdf.ts'

/** The thread beside the server in which proofs are laid out for print: a long list of surfaces takes seconds. */
answerJobs(proofPdf)
