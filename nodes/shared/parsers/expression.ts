import { InvalidValueError } from './parser';

/** The error for an expression that n8n cannot evaluate, with n8n's reason. */
export function failedExpression(error: unknown): InvalidValueError {
	const { message, description } = error as { message: string; description?: string | null };
	return new InvalidValueError(
		`has an expression that fails: ${message}`,
		description ? description : 'Correct the expression.',
	);
}

/**
 * The error for an expression that returns undefined. n8n returns that for most expressions that fail (it
 * swallows TypeErrors), and for a misspelled name.
 */
export function undefinedExpression(): InvalidValueError {
	return new InvalidValueError(
		'has an expression that returns undefined',
		"Correct the expression: it does not work here, or refers to something that does not exist. Where that may be missing, write {{ $json.note ?? '' }}.",
	);
}
