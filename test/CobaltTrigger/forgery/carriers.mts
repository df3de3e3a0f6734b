import { deflateSync, gzipSync } from 'node:zlib';

import { types } from './bodies.mts';
import { callOf, type Forgery } from './call.mts';

const METHODS = ['GET', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

const HEADERS = ['webhook-id', 'webhook-attempt', 'webhook-timestamp'];

const gzip = { 'content-encoding': 'gzip' };

/** Forgeries by what is around body and signature. Some are none: what is not signed, proves nothing. */
export const carriers: Forgery[] = [
	(original) => callOf('nothing changed', original),
	(original) => {
		const { rng } = original;
		const value = rng.pick([[], '', '0', '-1', 'x'.repeat(4_000), '2001-01-01T00:00:00Z']);
		const name = rng.pick(HEADERS);
		return callOf(`header ${name}`, original, { headers: { [name]: value } });
	},
	(original) => {
		const type = original.rng.pick([...types, []]);
		return callOf(`type ${String(type)}`, original, { headers: { 'content-type': type } });
	},
	(original) => callOf('method', original, { method: original.rng.pick(METHODS) }),
	(original) =>
		callOf('method in a header', original, {
			method: 'GET',
			headers: { 'x-http-method-override': 'POST' },
		}),
	(original) =>
		callOf('with a query', original, { suffix: original.rng.pick(['?a=b', '?mode=test', '/']) }),
	(original) =>
		callOf('elsewhere', original, { suffix: original.rng.pick(['/x', '%00', '/../webhook/x']) }),
	(original) => callOf('in chunks', original, { headers: { 'transfer-encoding': 'chunked' } }),
	(original) => callOf('gzip', original, { headers: gzip, wire: gzipSync(original.text) }),
	(original) =>
		callOf('deflate', original, {
			headers: { 'content-encoding': 'deflate' },
			wire: deflateSync(original.text),
		}),
	(original) => callOf('gzip, not said', original, { body: gzipSync(original.text) }),
	(original) => callOf('gzip, not so', original, { headers: gzip, content: null }),
	(original) => {
		const packed = gzipSync(original.text);
		const wire = packed.subarray(0, original.rng.below(packed.length - 10));
		return callOf('gzip, cut off', original, { headers: gzip, wire, content: null });
	},
	(original) => {
		const content = Buffer.from(`${original.text} `.padEnd(300_000));
		return callOf('gzip of much', original, { headers: gzip, wire: gzipSync(content), content });
	},
	(original) => {
		const wire = gzipSync(gzipSync(original.text));
		const content = gzipSync(original.text);
		return callOf('gzip twice', original, { headers: gzip, wire, content });
	},
];
