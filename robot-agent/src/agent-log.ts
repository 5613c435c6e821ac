/** What the agent logs through: a subset of pino, so that a pino logger fits as it is. */
export interface AgentLog {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
