import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { TestClient, until } from './testing/test-client.ts'
import { startTestServer } from './testing/test-server.ts'

interface LogLine {
  readonly msg: string
  readonly level: number
  readonly time: number
  readonly reqId?: string
  readonly req?: { readonly method: string; readonly url: string }
  readonly res?: { readonly statusCode: number }
}

describe('the log', () => {
  it('is a JSON object a line, with one id for all of a request, and without secrets', async () => {
    let text = ''
    const log = pino({ level: 'trace' }, { write: (line: string) => (text += line) })
    const server = await startTestServer({ log })
    const nurse = await TestClient.signIn(server, 'nurse')
    await fetch(`${server.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'nurse', password: 'guessed-PASSWORD' }),
    })
    await fetch(`${server.url}/api/maps/L1/1?until=1&signature=SIGNATURE`)
    await nurse.call('GET', '/no-such-thing?code=ONE-TIME-CODE')
    await fetch(`${server.url}/metrics`, { headers: { authorization: 'Bearer TOKEN-OF-METRICS' } })
    const answered = () => text.split('\n').filter((line) => line.includes('request completed')).length
    await until(() => answered() >= 5)
    await server.stop()

    const lines = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LogLine)
    const begun = lines.filter(({ req }) => req !== undefined)
    expect(begun.map(({ req }) => req?.url)).toContain('/api/maps/L1/1')
    for (const { reqId, time, level } of begun) {
      expect([reqId, time, level]).toEqual([expect.any(String), expect.any(Number), expect.any(Number)])
      expect(lines.filter((line) => line.reqId === reqId && line.res !== undefined)).toHaveLength(1)
    }
    const secrets = [
      nurse.cookie.split('=')[1]!,
      'nurse-demo',
      'guessed-PASSWORD',
      'SIGNATURE',
      'ONE-TIME-CODE',
      'TOKEN-OF-METRICS',
    ]
    for (const secret of secrets) expect([secret, text.includes(secret)]).toEqual([secret, false])
  })
})
