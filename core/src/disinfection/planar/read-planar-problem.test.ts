import { describe, expect, it } from 'vitest'
import { readPlanarProblem } from './read-planar-problem.ts'

const square = [
  [0, 0],
  [0, 1],
  [1, 1],
  [1, 0],
]

function file(more: object = {}, room: object = {}): object {
  return {
    rooms: [{ id: 'one', obstacles: [square], bounds: null, ...room }],
    lamp: { powerW: 80, model: 'isotropic', heightM: 1 },
    panelHeightM: 2,
    doseJPerM2: 280,
    gridM: 1,
    clearanceM: 0.1,
    maxEdgeM: 1,
    marginM: 0.5,
    ...more,
  }
}

describe('readPlanarProblem', () => {
  it('reads the form, whichever way the corners run, closed or not', () => {
    const counterClockwise = [
      { x: 1, y: 0 },
      { x: 1, y: 1 },
      { x: 0, y: 1 },
      { x: 0, y: 0 },
    ]
    expect(readPlanarProblem(file(), 'f').rooms).toEqual([
      { id: 'one', obstacles: [counterClockwise], bounds: null },
    ])
    const closed = readPlanarProblem(
      file({}, { id: 7, obstacles: [[...square, [0, 0]]], bounds: undefined }),
      'f',
    )
    expect(closed.rooms[0]).toMatchObject({ id: '7', bounds: null })
    expect(closed.rooms[0]!.obstacles[0]).toHaveLength(4)
  })

  it.each([
    ['no object', [], 'rooms.json', 'Give an object with rooms'],
    [
      'a field is missing',
      file({ gridM: undefined }),
      'rooms.json: gridM',
      'This is missing. Give for gridM: a number',
    ],
    [
      'a number is out of range',
      file({ gridM: 0 }),
      'rooms.json: gridM',
      'This is 0. Give for gridM: a number of metres above 0.',
    ],
    [
      'another lamp',
      file({ lamp: { powerW: 1, model: 'tube', heightM: 1 } }),
      'rooms.json: lamp.model',
      'This is "tube". Give for model: "isotropic".',
    ],
    [
      'a point has one number',
      file({}, { obstacles: [square, [[0, 0], [1]]] }),
      'rooms.json: rooms[0].obstacles[1][1]',
      '[x, y] in metres',
    ],
    [
      'a coordinate is text',
      file(
        {},
        {
          bounds: [
            [0, 0],
            [1, 'a'],
            [1, 1],
          ],
        },
      ),
      'rooms.json: rooms[0].bounds[1][1]',
      'This is "a". Give for bounds: null, or a polygon',
    ],
    [
      'an obstacle is one point',
      file(
        {},
        {
          obstacles: [
            [
              [1, 1],
              [1, 1],
            ],
          ],
        },
      ),
      'rooms.json: rooms[0].obstacles[0]',
      'Give 2 or more different points.',
    ],
    [
      'a polygon crosses itself',
      file(
        {},
        {
          obstacles: [
            [
              [0, 0],
              [1, 1],
              [1, 0],
              [0, 1],
            ],
          ],
        },
      ),
      'rooms.json: rooms[0].obstacles[0]',
      'Its edges 0 and 2 meet',
    ],
    [
      'a polygon is flat',
      file(
        {},
        {
          obstacles: [
            [
              [0, 0],
              [1, 0],
              [2, 0],
            ],
          ],
        },
      ),
      'rooms.json: rooms[0].obstacles[0]',
      'It has no area',
    ],
    [
      'nothing is there',
      file({}, { obstacles: [] }),
      'rooms.json: rooms[0].obstacles',
      'neither obstacles nor bounds',
    ],
    [
      'millimetres',
      file(
        {},
        {
          obstacles: [
            [
              [0, 0],
              [5000, 0],
              [5000, 4000],
            ],
          ],
        },
      ),
      'rooms.json: rooms[0]',
      'Give the points in metres',
    ],
    [
      'two rooms of one name',
      {
        ...file(),
        rooms: [
          { id: 'a', obstacles: [square] },
          { id: 'a', obstacles: [square] },
        ],
      },
      'rooms.json: rooms[1].id',
      'There is a room "a" already',
    ],
  ])('says where and what would be right: %s', (_, data, where, message) => {
    expect(() => readPlanarProblem(data, 'rooms.json')).toThrow(
      expect.objectContaining({
        code: 'WARD_ERR_VALIDATION',
        where,
        message: expect.stringContaining(message),
      }),
    )
  })
})
