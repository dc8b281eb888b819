#!/usr/bin/env node
// Plain JavaScript that even an old Node can read, so that it can say which one is needed.
const wanted = 'Node 22.23, 24.15, or 26 and later'

function runsOn(version) {
  const [major, minor] = version.split('.').map(Number)
  return major >= 26 || (major === 24 && minor >= 15) || (major === 22 && minor >= 23)
}

if (runsOn(process.versions.node)) {
  import('../dist/main.js').then(
    (main) => main.run(process.argv),
    (cause) => {
      const built = cause.code !== 'ERR_MODULE_NOT_FOUND'
      process.stderr.write(built ? `rejoin: ${cause.message}\n` : 'rejoin: it is not built yet; run `npm run build`.\n')
      if (process.env.REJOIN_DEBUG === '1') process.stderr.write(`${cause.stack}\n`)
      process.exitCode = 1
    },
  )
} else {
  process.stderr.write(
    `rejoin: it needs ${wanted}, and this is Node ${process.versions.node}; ` +
      'in the repository, `npm start` and `npm run rejoin` bring their own.\n',
  )
  process.exitCode = 1
}
