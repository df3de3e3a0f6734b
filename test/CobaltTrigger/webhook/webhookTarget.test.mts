import { expect, it } from 'vitest';

import { isSameAddress } from '../../../nodes/CobaltTrigger/webhook/webhookTarget.js';

const OURS = 'https://n8n.example.com/webhook/0b1c7f3e-0001/webhook';

it.each([
	OURS,
	`${OURS}/`,
	` ${OURS} `,
	'HTTPS://N8N.Example.com:443/webhook/0b1c7f3e-0001/webhook',
	'https://n8n.example.com./webhook/0b1c7f3e-0001/webhook',
	'https://n8n.example.com//webhook/0b1c7f3e-0001/webhook/',
	'https://n8n.example.com/webhook/0B1C7F3E-0001/webhook',
	'https://n8n.example.com/x/../webhook/0b1c7f3e-0001/webhook',
	'https://n8n.example.com/%77ebhook/0b1c7f3e-0001/webhook#a',
])('recognizes our address: %s', (url) => {
	expect(isSameAddress(url, OURS)).toBe(true);
	expect(isSameAddress(OURS, url)).toBe(true);
});

it.each([
	'',
	'n8n.example.com/webhook/0b1c7f3e-0001/webhook',
	'http://n8n.example.com/webhook/0b1c7f3e-0001/webhook',
	'https://n8n.example.com:8443/webhook/0b1c7f3e-0001/webhook',
	'https://n8n.example.com/webhook-test/0b1c7f3e-0001/webhook',
	'https://n8n.example.com/webhook/0b1c7f3e-0002/webhook',
	'https://n8n.example.com/webhook/0b1c7f3e-0001/webhook?a=1',
	'https://n8n.example.com/webhook/0b1c7f3e-0001%2Fwebhook',
	'https://n8n.example.org/webhook/0b1c7f3e-0001/webhook',
	'https://n8n.example.com@evil.example/webhook/0b1c7f3e-0001/webhook',
])('recognizes another address: %s', (url) => {
	expect(isSameAddress(url, OURS)).toBe(false);
});

it.each([
	['https://bücher.example/a', 'https://xn--bcher-kva.example/a'],
	['https://n8n.example/schöne straße', 'https://n8n.example/sch%c3%b6ne%20stra%C3%9Fe'],
	['https://[2001:db8::1]/a', 'https://[2001:DB8:0:0::1]:443/a'],
	['not an address', 'not an address'],
])('takes %s and %s as the same address', (one, other) => {
	expect(isSameAddress(one, other)).toBe(true);
});
