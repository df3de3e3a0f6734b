import type { Progress } from './installation.mts';

const LINE_SECONDS = 30;

/**
 * Shows the current step on the terminal, and for how long it has been running.
 *
 * @returns functions to call with each step, and at the end
 */
export function showProgress(): { step: Progress; done: () => void } {
	let current: string | undefined;
	let since = Date.now();
	const seconds = () => Math.round((Date.now() - since) / 1000);
	const isTerminal = process.stdout.isTTY;
	const timer = setInterval(
		() => {
			if (current === undefined) return;
			if (isTerminal) process.stdout.write(`\r  ${current} … ${seconds()} s`);
			else console.log(`  ${current} … ${seconds()} s so far`);
		},
		(isTerminal ? 1 : LINE_SECONDS) * 1000,
	);
	timer.unref();
	const finish = () => {
		if (current === undefined) return;
		console.log(`${isTerminal ? '\r' : ''}  ${current}: ${seconds()} s`);
		current = undefined;
	};
	return {
		step(what) {
			finish();
			current = what;
			since = Date.now();
			if (!isTerminal) console.log(`  ${what} …`);
		},
		done() {
			finish();
			clearInterval(timer);
		},
	};
}
