/** n8n's `ensureError`: what was thrown need not be an error. */
export function ensureError(thrown: unknown): Error {
	return thrown instanceof Error
		? thrown
		: new Error('Error that was not an instance of Error was thrown', { cause: thrown });
}
