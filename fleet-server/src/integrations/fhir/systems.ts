/** What our own codes and numbers belong to. There is no web address of Wardlight to hang them on, so they are URNs (proposed). */
export const SYSTEMS = {
  room: 'urn:wardlight:room',
  level: 'urn:wardlight:level',
  request: 'urn:wardlight:request',
  mission: 'urn:wardlight:mission',
  taskCode: 'urn:wardlight:task-code',
  taskInput: 'urn:wardlight:task-input',
  taskOutput: 'urn:wardlight:task-output',
  businessStatus: 'urn:wardlight:business-status',
  organism: 'urn:wardlight:organism',
  protocol: 'urn:wardlight:protocol',
  report: 'urn:wardlight:report',
  measure: 'urn:wardlight:measure',
  compliance: 'urn:wardlight:compliance',
  ward: 'urn:wardlight:ward',
  error: 'urn:wardlight:error',
  proofSha256: 'urn:wardlight:proof-sha256',
  snomedCt: 'http://snomed.info/sct',
  ucum: 'http://unitsofmeasure.org',
  bedStatus: 'http://terminology.hl7.org/CodeSystem/v2-0116',
  physicalType: 'http://terminology.hl7.org/CodeSystem/location-physical-type',
  locationStatus: 'http://hl7.org/fhir/location-status',
  taskStatus: 'http://hl7.org/fhir/task-status',
  reportStatus: 'http://hl7.org/fhir/diagnostic-report-status',
  documentStatus: 'http://hl7.org/fhir/document-reference-status',
  publicationStatus: 'http://hl7.org/fhir/publication-status',
  measureReportStatus: 'http://hl7.org/fhir/measure-report-status',
  measurePopulation: 'http://terminology.hl7.org/CodeSystem/measure-population',
  measureScoring: 'http://terminology.hl7.org/CodeSystem/measure-scoring',
  improvement: 'http://terminology.hl7.org/CodeSystem/measure-improvement-notation',
} as const

/** What a Task is about. */
export const TASK_CODES = {
  'disinfect-room': 'Disinfect a room',
  'treat-room': 'One treatment of a room by a robot',
} as const

export const TASK_INPUTS = {
  organism: 'Organism that the light is for',
  'target-log': 'log10 reduction to be planned for',
  'target-dose': 'Dose to be planned for',
  floor: 'Whether the floor gets its dose too',
  protocol: 'Protocol that is followed',
} as const
export type TaskInput = keyof typeof TASK_INPUTS

export function isTaskInput(code: string): code is TaskInput {
  return Object.hasOwn(TASK_INPUTS, code)
}
