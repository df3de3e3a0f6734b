import { existsSync } from 'node:fs';
import { chromium, selectors, type BrowserContext } from 'playwright-core';

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';

selectors.setTestIdAttribute('data-test-id');

/**
 * Starts the system's Chromium with a new profile. It reaches nothing but this machine.
 *
 * @throws {Error} what to install, when there is none
 */
export async function launchChromium(): Promise<BrowserContext> {
	if (!existsSync(EXECUTABLE)) {
		throw new Error(
			`There is no Chromium at ${EXECUTABLE}. Install it (on Debian: apt-get install chromium), or set CHROMIUM to its path.`,
		);
	}
	const newProfile = '';
	const context = await chromium.launchPersistentContext(newProfile, {
		executablePath: EXECUTABLE,
		args: [
			'--disable-gpu',
			'--disable-quic',
			'--disable-sync',
			'--no-proxy-server',
			'--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
		],
		locale: 'en-US',
		timezoneId: 'UTC',
	});
	context.setDefaultTimeout(60_000);
	return context;
}
