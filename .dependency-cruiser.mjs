/**
 * The arrows between the modules, as ARCHITECTURE.md draws them. `npm run lint` checks them.
 *
 * @type {import('dependency-cruiser').IConfiguration}
 */
export default {
	forbidden: [
		{
			name: 'no-circles',
			severity: 'error',
			from: { path: '^(nodes|credentials)/' },
			to: { circular: true },
		},
		{
			name: 'shared-knows-no-node',
			severity: 'error',
			from: { path: '^nodes/shared/' },
			to: { path: '^nodes/', pathNot: '^nodes/shared/' },
		},
		{
			name: 'nodes-know-nothing-of-each-other',
			severity: 'error',
			from: { path: '^nodes/(Cobalt|CobaltTrigger)/' },
			to: { path: '^nodes/', pathNot: '^nodes/($1|shared)/' },
		},
		{
			name: 'retry-is-a-leaf',
			severity: 'error',
			from: { path: '^nodes/shared/retry/' },
			to: { path: '^nodes/', pathNot: '^nodes/shared/(retry/|json)' },
		},
		{
			name: 'http-knows-no-jobs-or-events',
			severity: 'error',
			from: { path: '^nodes/shared/http/' },
			to: { path: '^nodes/', pathNot: '^nodes/shared/(http/|retry/|json|nesting|url|visibleText)' },
		},
		{
			name: 'run-knows-no-submissions',
			severity: 'error',
			from: { path: '^nodes/Cobalt/run/' },
			to: { path: '^nodes/Cobalt/(execution|submissions|patientMatch|parameters)/' },
		},
		{
			name: 'polling-knows-no-parameters',
			severity: 'error',
			from: { path: '^nodes/Cobalt/polling/' },
			to: { path: '^nodes/Cobalt/', pathNot: '^nodes/Cobalt/polling/' },
		},
		{
			name: 'declarations-do-nothing',
			severity: 'error',
			from: { path: '^nodes/Cobalt/(resources|declarations)/' },
			to: { path: '^nodes/Cobalt/(execution|submissions|polling|parameters)/' },
		},
		{
			name: 'published-without-dependencies',
			comment:
				'n8n verifies only packages that bring nothing along; n8n-workflow is there already.',
			severity: 'error',
			from: { path: '^(nodes|credentials)/' },
			to: {
				dependencyTypesNot: ['local', 'type-only', 'core'],
				pathNot: '^(nodes|credentials|node_modules/n8n-workflow)/',
			},
		},
		{
			name: 'scripts-need-no-tests',
			severity: 'error',
			from: { path: '^(scripts|tools)/' },
			to: { path: '^test/' },
		},
	],
	options: {
		tsConfig: { fileName: 'tsconfig.tools.json' },
		tsPreCompilationDeps: true,
		doNotFollow: { path: 'node_modules' },
		enhancedResolveOptions: { extensions: ['.ts', '.mts', '.js', '.mjs'] },
	},
};
