export * from './rmf-messages.ts'
