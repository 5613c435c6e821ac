export { isPdf, ProofChecker, type CheckedPdf, type CheckedProof } from './check-proof.ts'
export { readPublicKeys } from './signing.ts'
