import { createRequire } from 'node:module';
import { expect, it, onTestFinished } from 'vitest';

import { workflowTimezone } from '../../../nodes/shared/parsers/timezone.js';

// The copy that the node itself `require`s.
const { getGlobalState, setGlobalState } = createRequire(import.meta.url)(
	'n8n-workflow',
) as typeof import('n8n-workflow');

it.each([
	['DEFAULT', 'Asia/Tokyo'],
	['default', 'Asia/Tokyo'],
	['', 'Asia/Tokyo'],
	['  ', 'Asia/Tokyo'],
	['Europe/Berlin', 'Europe/Berlin'],
	[' Europe/Berlin ', 'Europe/Berlin'],
])(
	"reads the timezone of a workflow set to %j as %s when n8n's own is Tokyo",
	(chosen, timezone) => {
		const before = getGlobalState();
		onTestFinished(() => {
			setGlobalState(before);
		});
		setGlobalState({ defaultTimezone: 'Asia/Tokyo' });
		expect(workflowTimezone({ getTimezone: () => chosen })).toBe(timezone);
	},
);
