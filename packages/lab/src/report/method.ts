import type { Block, Section, Table } from '../page/index.ts'
import { definitions } from './definitions.ts'
import type { ConditionsTold } from './input.ts'
import { listed } from './lab.ts'
import type { Lab } from './lab.ts'
import { seedsForInterval } from '../statistics/estimate.ts'
import { duration, whole } from './told.ts'

/** Of runs; without any, what there is tells its own. */
export function method(lab: Lab): Section | undefined {
  const { input } = lab
  if (input.workloads.length === 0) return undefined
  return {
    title: 'Method',
    blocks: [
      {
        kind: 'paragraph',
        text:
          'A run is one policy, one workload, one set of conditions and one seed. People with devices live through it in virtual time: they see what their device shows, ' +
          'do what the workload has them do next, go offline and come back; a server keeps one log of all updates and hands it on. Everything that is done has a name of ' +
          'its own, so that at the end, when everybody is online and has everything, an oracle that knows what was done and who had seen what can tell what became of each. ' +
          'With the same seed people throw the same dice under every policy.',
      },
      {
        kind: 'paragraph',
        text:
          replication(lab) +
          'Where nothing was lost in any run, the rule of three tells what so many effects leave possible, 3 in all of them: as if effects were independent, which those of one seed are not. ' +
          'So the same is told of runs, too.',
      },
    ],
    sections: [
      { title: 'Policies', blocks: [...policyTable(input.policies), ...alike(lab)] },
      { title: 'Workloads', blocks: workloadTable(input.workloads) },
      { title: 'Conditions', blocks: conditionsTable(input.conditions) },
      {
        title: 'Measures',
        blocks: [
          { kind: 'facts', facts: definitions },
          { kind: 'paragraph', text: 'Where no source is named the definition is the lab’s own.' },
        ],
      },
    ],
  }
}

function replication({ input }: Lab): string {
  const seeds = input.seeds.length
  if (seeds === 1)
    return 'There is one seed: what is told of several workloads or conditions is their sum, and nothing tells how much chance moves it. '
  const unit =
    'The unit of replication is the seed: what is told of several workloads or conditions is summed for each seed first, '
  return seeds < seedsForInterval
    ? `${unit}and the mean is taken over the seeds; there are fewer than ${seedsForInterval}, which is too few for intervals. `
    : `${unit}and the mean and its 95 % interval (Student’s t) are taken over the seeds. `
}

const words = (...names: readonly string[]): Table['columns'] => names.map((name) => ({ name, holds: 'words' }))

/** A table with nothing in it is left out. */
const filled = (table: Table): Block[] => (table.rows.length === 0 ? [] : [table])

const forms = { merging: 'each of its kind', rows: 'rows', whole: 'whole values' } as const

const policyTable = (policies: Lab['input']['policies']): Block[] =>
  filled({
    kind: 'table',
    id: 'policies',
    caption:
      'Policies. “Each of its kind”: counters, sets, lists and texts are fields that merge by their kind. “Rows”: elements, items, lines and votes are a row each, as careful apps have them whose store is tables; counters, texts and statuses are one value. “Whole values”: each field is one value, which is read, changed and written back.',
    columns: words('policy', 'what decides', 'fields are'),
    rows: policies.map(({ name, about, form }) => [[{ code: name }], about, forms[form]]),
  })

/** Names for one rule, as the figures have it: nothing but the processor time tells these policies apart. */
function alike({ runs, policies }: Lab): Block[] {
  const figuresOf = (name: string): string =>
    JSON.stringify(runs.of({ policies: [name] }).map((run) => ({ ...run, policy: '', cpuMs: 0 })))
  const groups = [...Map.groupBy(policies, figuresOf)].filter(([figures, { length }]) => figures !== '[]' && length > 1)
  return groups.map(([, names]) => ({
    kind: 'paragraph',
    text: [...listed(names), ' came out alike in every figure of every run: they do the same here.'],
  }))
}

const workloadTable = (workloads: Lab['input']['workloads']): Block[] =>
  filled({
    kind: 'table',
    id: 'workloads',
    caption: 'Workloads: models of apps, and plain cases of one kind of field.',
    columns: words('workload', 'who does what', 'entities', 'app'),
    rows: workloads.map(({ name, about, entities, isApp }) => [
      [{ code: name }],
      about,
      Object.entries(entities)
        .map(([type, { count, shape }]) => `${whole(count)} ${type} (${Object.keys(shape).join(', ')})`)
        .join('; '),
      isApp ? 'yes' : 'no',
    ]),
  })

function conditionsTable(conditions: readonly ConditionsTold[]): Block[] {
  const links = [
    ...new Set(conditions.map(({ delayMs, bytesPerMs }) => `${duration(delayMs)}, at ${whole(bytesPerMs)} kB/s`)),
  ]
  const turned = conditions.some(({ about }) => about === '')
    ? ' Where no words stand, a dial is turned that the name speaks of: what holds are the dials.'
    : ''
  const isSaid = conditions.some(({ about }) => about !== '')
  return filled({
    kind: 'table',
    id: 'conditions',
    caption: `Conditions. A frame goes one way in, on average, ${links.join(' or ')}. Contention is the exponent of Zipf’s law by which people choose among entities: 0 is all alike. Offline: at a stretch, on average. Clocks: by how much, either way.${turned}`,
    columns: [
      ...words('conditions', ...(isSaid ? ['what they are'] : [])),
      { name: 'devices', holds: 'numbers' },
      { name: 'edits each', holds: 'numbers' },
      { name: 'lasts', holds: 'numbers' },
      { name: 'offline', holds: 'numbers' },
      { name: 'clocks wrong', holds: 'numbers' },
      { name: 'contention', holds: 'numbers' },
    ],
    rows: conditions.map(({ name, about, devices, edits, durationMs, apartMs, skewMs, contention }) => [
      [{ code: name }],
      ...(isSaid ? [about] : []),
      whole(devices),
      whole(edits),
      duration(durationMs),
      apartMs === 0 ? 'never' : duration(apartMs),
      skewMs === 0 ? 'no' : `≤ ${duration(skewMs)}`,
      String(contention),
    ]),
  })
}

/** Every number in the models, with where it comes from. */
export function parameters({ input }: Lab): Section | undefined {
  const rows = input.workloads.flatMap(({ name: workload, parameters }) =>
    parameters.map(({ name, value, source }) => [[{ code: workload }], name, String(value), source]),
  )
  if (rows.length === 0) return undefined
  return {
    title: 'Parameters of the models',
    blocks: [
      {
        kind: 'table',
        id: 'parameters',
        caption: 'What the workloads take for granted, and where each number comes from.',
        columns: words('workload', 'parameter', 'value', 'source'),
        rows,
      },
    ],
  }
}
