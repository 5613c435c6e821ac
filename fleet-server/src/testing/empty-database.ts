import { randomBytes } from 'node:crypto'
import { Client } from 'pg'

export interface EmptyDatabase {
  readonly url: string
  drop(): Promise<void>
}

/** A database of its own on the PostgreSQL server of `adminUrl`, so that a test finds and leaves nothing there. */
export async function createEmptyDatabase(adminUrl: string): Promise<EmptyDatabase> {
  const name = `wardlight_test_${randomBytes(6).toString('hex')}`
  const run = async (statement: string) => {
    const client = new Client({ connectionString: adminUrl })
    await client.connect()
    await client.query(statement)
    await client.end()
  }
  await run(`create database ${name}`)
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => run(`drop database ${name} with (force)`) }
}
