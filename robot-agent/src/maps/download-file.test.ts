import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startMapServer, type MapServer } from '../testing/map-server.ts'
import { downloadFile } from './download-file.ts'

const LIMITS = { maxBytes: 1000, timeoutMs: 20_000 }
const never = new AbortController().signal

let server: MapServer
beforeEach(async () => {
  server = await startMapServer()
})
afterEach(() => server.stop())

const get = (link: string, hash: string | null = null, limits = LIMITS, stop = never) =>
  downloadFile(link, hash, stop, limits).then((bytes) => Buffer.from(bytes).toString())

it('gets a file, by way of redirects, and checks its hash in either case', async () => {
  const hash = createHash('sha256').update('a map').digest('hex')
  const link = server.serve('/map', 'a map')
  expect(await get(link)).toBe('a map')
  expect(await get(link, hash)).toBe('a map')
  expect(await get(link, hash.toUpperCase())).toBe('a map')
  const moved = server.answer('/moved', (response) => response.writeHead(302, { location: '/map' }).end())
  expect(await get(moved, hash)).toBe('a map')
})

it('refuses another file than the one meant', async () => {
  await expect(get(server.serve('/map', 'a map'), '00'.repeat(32))).rejects.toThrow('its SHA-256 is')
  await expect(get(server.serve('/map', 'a map'), 'md5:1')).rejects.toThrow('its SHA-256 is')
  await expect(get(`${server.url}/none`)).rejects.toThrow('answers 404')
})

it('reads no more than it may, whether it was told how much comes or not', async () => {
  const told = server.serve('/told', 'x'.repeat(1001))
  await expect(get(told)).rejects.toThrow('more than 1000 bytes')
  let written = 0
  const endless = server.answer('/endless', (response) => {
    const more = () => {
      while (!response.destroyed && written < 100_000_000 && response.write('x'.repeat(10_000)))
        written += 10_000
      response.once('drain', more)
    }
    more()
  })
  await expect(get(endless)).rejects.toThrow('more than 1000 bytes')
  expect(written).toBeLessThan(100_000_000)
  expect(await get(server.serve('/exact', 'x'.repeat(1000)))).toHaveLength(1000)
})

it('goes to http and https only, and not from one to another without end', async () => {
  for (const link of ['file:///etc/passwd', 'data:,a', 'ftp://x/y', 'maps/L1', '']) {
    await expect(get(link)).rejects.toThrow('no http or https address')
  }
  const round = server.answer('/round', (response) => response.writeHead(302, { location: '/round' }).end())
  await expect(get(round)).rejects.toThrow('redirected more than 3 times')
  expect(server.asked).toHaveLength(4)
  const out = server.answer('/out', (response) =>
    response.writeHead(307, { location: 'file:///etc/passwd' }).end(),
  )
  await expect(get(out)).rejects.toThrow('no http or https address')
})

it('gives up on a server that is silent, breaks off, or is not there', async () => {
  const silent = server.answer('/silent', () => {})
  await expect(get(silent, null, { ...LIMITS, timeoutMs: 50 })).rejects.toThrow('within 0.05 s')
  const slow = server.answer('/slow', (response) => void response.write('a'))
  await expect(get(slow, null, { ...LIMITS, timeoutMs: 50 })).rejects.toThrow('within 0.05 s')
  const broken = server.answer('/broken', (response) => {
    response.writeHead(200, { 'content-length': '500' })
    response.write('half of it', () => response.destroy())
  })
  await expect(get(broken)).rejects.toThrow('broke off')
  const stop = new AbortController()
  const stopped = get(silent, null, LIMITS, stop.signal)
  stop.abort()
  await expect(stopped).rejects.toThrow('stopped meanwhile')
  await server.stop()
  await expect(get(`${server.url}/map?signature=secret`)).rejects.toThrow(
    /^127\.0\.0\.1:\d+ cannot be reached/,
  )
})
