import { expect, it } from 'vitest';

import { unreachableReason } from '../../../nodes/CobaltTrigger/webhook/reachability.js';

const COBALT = 'https://api.usecobalt.com/v1';
const OWN_NETWORK = 'it is only available in your own network';
const NO_HTTPS = 'it does not start with https://';

it.each([
	'https://n8n.example.com/webhook/1',
	'https://N8N.EXAMPLE.COM./',
	'https://user:pass@n8n.example.com:8443/',
	'https://xn--bcher-kva.example/',
	'https://bücher.example/',
	'https://localhost.example.com',
	'https://local.example.com',
	'https://1.2.3.4:5678',
	'https://172.15.0.1',
	'https://172.32.0.1',
	'https://100.63.0.1',
	'https://100.128.0.1',
	'https://192.169.0.1',
	'https://223.1.1.1',
	'https://[2606:4700::1111]:8443/',
	'HTTPS://n8n.example.com',
])('accepts an address that can be reached: %s', (url) => {
	expect(unreachableReason(url, COBALT)).toBeUndefined();
});

it.each([
	'https://localhost',
	'https://LOCALHOST:5678/',
	'https://localhost./',
	'https://user:pass@localhost/',
	'https://example.com@localhost/',
	'https://n8n',
	'https://n8n./',
	'https://n8n.local',
	'https://n8n.Local./',
	'https://a.b.internal',
	'https://host.docker.internal:5678',
	'https://nas.home.arpa',
	'https://a.localhost',
	'https://127.0.0.1',
	'https://127.0.0.1./',
	'https://127.1',
	'https://2130706433',
	'https://0x7f.1',
	'https://0.0.0.0',
	'https://10.255.255.255',
	'https://172.16.0.1',
	'https://172.31.255.255',
	'https://192.168.1.1:8443',
	'https://169.254.169.254',
	'https://100.64.0.1',
	'https://100.127.0.1',
	'https://[::1]:5678',
	'https://[::]',
	'https://[fe80::1]',
	'https://[FD12:3456::1]',
	'https://[fc00::1]',
	'https://[::ffff:192.168.1.1]',
	'http://localhost',
])('refuses an address that only its own network knows: %s', (url) => {
	expect(unreachableReason(url, COBALT)).toBe(OWN_NETWORK);
	expect(unreachableReason(url, 'not an address')).toBe(OWN_NETWORK);
});

it.each(['http://n8n.example.com', 'http://1.2.3.4', 'ftp://n8n.example.com'])(
	'refuses an address without https: %s',
	(url) => {
		expect(unreachableReason(url, COBALT)).toBe(NO_HTTPS);
	},
);

it.each(['', 'n8n.example.com', '/webhook/1', 'https://', 'https://a b', 'https://[::1'])(
	'refuses what is no address: %j',
	(url) => {
		expect(unreachableReason(url, COBALT)).toBe('it is not a valid URL');
		expect(unreachableReason(url, 'http://localhost')).toBe('it is not a valid URL');
	},
);

it.each(['http://127.0.0.1:4010/v1', 'https://cobalt.internal', 'http://localhost./'])(
	'accepts any address where Cobalt is in the same network: %s',
	(cobalt) => {
		for (const url of ['http://localhost:5678', 'http://n8n.example.com', 'https://10.0.0.1']) {
			expect(unreachableReason(url, cobalt)).toBeUndefined();
		}
	},
);
