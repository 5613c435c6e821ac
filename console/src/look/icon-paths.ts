/** The icon set: stroked paths on a grid of 16, round caps, stroke width 1.6. */
export const ICON_PATHS = {
  dirty: 'M3 13h10M8 3v4M5.2 7h5.6l1.2 6H4z',
  next: 'M3 8h9M8.5 4 12.5 8l-4 4',
  stat: 'M8.8 2 4 9h4l-.8 5L12 7H8z',
  treat: 'M8 2v12M5 4v8M11 4v8M2.5 6.5v3M13.5 6.5v3',
  suspended: 'M6 4v8M10 4v8',
  blocked: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M4.2 4.2l7.6 7.6',
  clean: 'M3 8.5 6.5 12 13 4.5',
  occupied: 'M2 12.5V5M2 10.5h12v2M14 10.5V8.5a2 2 0 0 0-2-2H6.5v4M4.2 8.2h.1',
  robot: 'M4 6h8v7H4zM8 6V3M6.2 9h.1M9.8 9h.1',
  search: 'M7 2.8a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4M10.2 10.2 13.5 13.5',
  close: 'M4 4l8 8M12 4l-8 8',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  fit: 'M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3',
  chevron: 'M4 6l4 4 4-4',
  check: 'M3 8.5 6.5 12 13 4.5',
  warning: 'M8 2.5 14.2 13H1.8zM8 6.5v3M8 11.2v.1',
  info: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M8 7.3v3.4M8 5.2v.1',
  stop: 'M4.5 4.5h7v7h-7z',
  printer: 'M4.5 6V2.5h7V6M4.5 11.5H2.5V6h11v5.5h-2M4.5 9.5h7v4h-7z',
  clock: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M8 5v3.2l2.2 1.4',
  lamp: 'M8 2v12M5 4v8M11 4v8M2.5 6.5v3M13.5 6.5v3',
  battery: 'M2 5.5h10.5v5H2zM14 7.3v1.4',
  back: 'M13 8H4M7.5 4 3.5 8l4 4',
} as const

export type IconName = keyof typeof ICON_PATHS
