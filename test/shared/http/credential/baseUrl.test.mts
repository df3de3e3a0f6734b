import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';

import { apiRoot } from '../../../../nodes/shared/http/credential/baseUrl.js';

const { UserError } = createRequire(import.meta.url)(
	'n8n-workflow',
) as typeof import('n8n-workflow');

const COBALT = 'https://api.usecobalt.com/v1';

describe('apiRoot', () => {
	it.each([
		['https://api.usecobalt.com', COBALT],
		['https://api.usecobalt.com/', COBALT],
		['https://api.usecobalt.com///', COBALT],
		['https://api.usecobalt.com/v1', COBALT],
		['https://api.usecobalt.com/v1/', COBALT],
		['https://api.usecobalt.com/v1//', COBALT],
		['  https://api.usecobalt.com \n', COBALT],
		['HTTPS://API.UseCobalt.COM', COBALT],
		['https://api.usecobalt.com:443', COBALT],
		['https://api.usecobalt.com:8443', 'https://api.usecobalt.com:8443/v1'],
		['https://gateway.example/cobalt', 'https://gateway.example/cobalt/v1'],
		['https://gateway.example/cobalt/', 'https://gateway.example/cobalt/v1'],
		['https://gateway.example/cobalt/v1/', 'https://gateway.example/cobalt/v1'],
		['https://gateway.example/ehrv1', 'https://gateway.example/ehrv1/v1'],
		['https://gateway.example/v1/cobalt', 'https://gateway.example/v1/cobalt/v1'],
	])('accepts a base URL in any common form: %j', (typed, root) => {
		expect(apiRoot(typed)).toBe(root);
	});

	it.each([
		['http://localhost', 'http://localhost/v1'],
		['http://LOCALHOST:8080/', 'http://localhost:8080/v1'],
		['http://cobalt.localhost:8080', 'http://cobalt.localhost:8080/v1'],
		['http://127.0.0.1:8080/v1', 'http://127.0.0.1:8080/v1'],
		['http://127.1.2.3', 'http://127.1.2.3/v1'],
		['http://[::1]:8080', 'http://[::1]:8080/v1'],
	])('accepts a URL of this machine without TLS: %s', (typed, root) => {
		expect(apiRoot(typed)).toBe(root);
	});

	it.each([
		'http://api.usecobalt.com',
		'http://localhost.evil.example',
		'http://localhostevil.example',
		'http://evil-localhost',
		'http://127.0.0.1.evil.example',
		'http://127evil.example',
		'http://evil.example/localhost',
		'http://10.0.0.1',
		'http://192.168.0.10:8080',
		'http://128.0.0.1',
		'http://0.0.0.0',
		'http://[::2]',
		'http://host.docker.internal',
		'ftp://api.usecobalt.com',
		'ws://localhost',
		'file:///etc/hosts',
		'javascript:alert(1)',
	])('refuses an unencrypted URL of another machine: %s', (typed) => {
		expect(() => apiRoot(typed)).toThrow(UserError);
		expect(() => apiRoot(typed)).toThrow(/https:\/\//);
	});

	it.each([
		'',
		'   ',
		'api.usecobalt.com',
		'api.usecobalt.com/v1',
		'//api.usecobalt.com',
		'https://',
		'https://api use cobalt.com',
		'undefined',
	])('refuses text that is not a URL: %j', (typed) => {
		expect(() => apiRoot(typed)).toThrow(UserError);
	});

	it.each([
		'https://user:pass@api.usecobalt.com',
		'https://user@api.usecobalt.com',
		'https://api.usecobalt.com@evil.example',
		'http://localhost@evil.example',
		'http://localhost:8080@evil.example',
		'https://api.usecobalt.com?x=1',
		'https://api.usecobalt.com/v1?access_token=x',
		'https://api.usecobalt.com/v1#top',
	])('refuses a URL with more than a host and a path: %s', (typed) => {
		expect(() => apiRoot(typed)).toThrow(UserError);
	});

	it('does not repeat a refused URL, which may have a password', () => {
		expect(() => apiRoot('https://user:hunter2@api.usecobalt.com')).toThrow(/^(?!.*hunter2)/);
	});
});
