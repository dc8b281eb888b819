import fc from 'fast-check'

/**
 * Properties draw the same cases at every run, so that a red build is about the change and can be run again.
 * `PROPERTY_SEED=random` (as `npm run campaign` sets it) draws new ones; a number repeats those of a report.
 */
const asked = process.env['PROPERTY_SEED'] ?? '20261120'
fc.configureGlobal(asked === 'random' ? {} : { ...fc.readConfigureGlobal(), seed: Number(asked) })
