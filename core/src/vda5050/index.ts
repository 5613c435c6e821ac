export * from './messages.ts'
export * from './topics.ts'
export * from './wire.ts'
export * from './v2/messages.ts'
