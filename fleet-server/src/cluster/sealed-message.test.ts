import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seal, unseal } from './sealed-message.ts'

const SECRET = 'of this hospital'
const content = fc.record({ id: fc.uuid(), cells: fc.uint8Array(), dose: fc.double(), note: fc.string() })

describe('a sealed message', () => {
  it('comes out as it went in, grids and all', () => {
    fc.assert(
      fc.property(content, (each) => {
        expect(unseal('jobs', seal('jobs', each, SECRET), SECRET)).toEqual(each)
      }),
    )
  })

  it('is nothing with a bit changed, on another topic, by another secret, or made up', () => {
    fc.assert(
      fc.property(content, fc.nat(), fc.integer({ min: 0, max: 7 }), (each, at, bit) => {
        const message = seal('jobs', each, SECRET)
        expect(unseal('answers', message, SECRET)).toBeNull()
        expect(unseal('jobs', message, 'of another')).toBeNull()
        message[at % message.length]! ^= 1 << bit
        expect(unseal('jobs', message, SECRET)).toBeNull()
      }),
    )
    expect(unseal('jobs', Buffer.from('{"plan":{}}'), SECRET)).toBeNull()
    expect(unseal('jobs', Buffer.alloc(0), SECRET)).toBeNull()
  })
})
