import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** A message as the code writes it, with `…` for what is put in. */
export interface TextInCode {
	message: string;
	/** What to do, unless it is put together elsewhere. */
	description?: string;
	/** Where it is in the code. */
	place: string;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Functions whose first text is shown: hints, log lines, and what makes an error of its texts. */
const SHOWING = new Set(['hint', 'warn', 'refuse', 'unusable']);

/** What makes the error of a field. Its texts are one family: they continue the name of the field. */
const OF_FIELD = new Set(['InvalidValueError', 'violation', 'wrongForm']);

/** Errors that n8n never shows. */
const INTERNAL = new Set(['Error', 'OrderChange']);

/** Errors whose class puts the text into its message. */
const OF_REASON = new Set(['IncompleteListError']);

type IsShown = (name: string, isError: boolean) => boolean;

/** Stands for the operation in all messages. */
const TITLE = 'Appointment: Create';

/**
 * All messages in the code of the package but those of fields: texts in the property `message`, of errors that are
 * made, and of hints and log lines.
 */
export const messagesInCode = (): TextInCode[] =>
	textsInCode(
		(name, isError) => SHOWING.has(name) || (isError && !OF_FIELD.has(name) && !INTERNAL.has(name)),
		['message'],
	);

/** What is said of fields, as the rest of a sentence that begins with the name of the field. */
export const fieldMessagesInCode = (): TextInCode[] =>
	textsInCode((name) => OF_FIELD.has(name), []);

function textsInCode(isShown: IsShown, properties: readonly string[]): TextInCode[] {
	const files = execFileSync('git', ['ls-files', 'nodes', 'credentials'], { cwd: root })
		.toString()
		.split('\n')
		.filter((path) => path.endsWith('.ts'));
	return files
		.flatMap((path) => textsOfFile(path, isShown, properties))
		.filter(({ message }) =>
			/\w{2}/.test(message.replaceAll(TITLE, '').replaceAll('[item …]', '')),
		);
}

function textsOfFile(path: string, isShown: IsShown, properties: readonly string[]): TextInCode[] {
	const source = ts.createSourceFile(
		path,
		readFileSync(join(root, path), 'utf8'),
		ts.ScriptTarget.Latest,
		true,
	);
	const constants = constantsOf(source);
	const found: TextInCode[] = [];
	const add = (messages: string[], descriptions: string[]) => {
		found.push(
			...messages.map((message) => ({
				message,
				...(descriptions.length > 0 && { description: descriptions[0] }),
				place: path,
			})),
		);
	};
	const visit = (node: ts.Node): void => {
		if (ts.isObjectLiteralExpression(node)) {
			const description = propertyOf(node, 'description');
			for (const name of properties) {
				const message = propertyOf(node, name);
				if (message === undefined) continue;
				add(textsOf(message, constants), description ? textsOf(description, constants) : []);
			}
		} else if (isMaking(node, isShown) && !passesOn(node)) {
			const texts = (node.arguments ?? []).map((argument) => textsOf(argument, constants));
			const at = texts.findIndex((some) => some.length > 0);
			const options = node.arguments?.find(ts.isObjectLiteralExpression);
			const described = options && propertyOf(options, 'description');
			const description = described ? textsOf(described, constants) : (texts[at + 1] ?? []);
			if (at >= 0)
				add(texts[at] ?? [], description.length > 0 ? description : ofClass(node, constants));
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return found;
}

/** Whether a call, or what it makes, shows its first text. */
function isMaking(node: ts.Node, isShown: IsShown): node is ts.CallExpression | ts.NewExpression {
	if (ts.isNewExpression(node)) {
		const name = node.expression.getText();
		return isShown(name, name.endsWith('Error')) && !OF_REASON.has(name);
	}
	if (!ts.isCallExpression(node)) return false;
	if (node.expression.kind !== ts.SyntaxKind.SuperKeyword) {
		return isShown(node.expression.getText().split('.').at(-1) ?? '', false);
	}
	const name = classOf(node)?.name?.text ?? '';
	return isShown(name, name.endsWith('Error'));
}

/** A message that is passed on is found where it is written. */
const passesOn = ({ arguments: given = [] }: { arguments?: readonly ts.Expression[] }): boolean =>
	given.some((argument) => argument.getText() === 'message');

const classOf = (node: ts.Node): ts.ClassDeclaration | undefined =>
	ts.findAncestor(node, ts.isClassDeclaration);

/** The description that a class of errors has for all of them. */
function ofClass(node: ts.Node, constants: Constants): string[] {
	const property = classOf(node)?.members.find(
		(member): member is ts.PropertyDeclaration =>
			ts.isPropertyDeclaration(member) && member.name.getText() === 'description',
	);
	return property?.initializer ? textsOf(property.initializer, constants) : [];
}

function propertyOf(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
	const property = object.properties.find((one) => one.name?.getText() === name);
	return property && ts.isPropertyAssignment(property) ? property.initializer : undefined;
}

type Constants = ReadonlyMap<string, ts.Expression>;

/** What the constants and the defaults of a file stand for, by name. */
function constantsOf(source: ts.SourceFile): Constants {
	const constants = new Map<string, ts.Expression>();
	const visit = (node: ts.Node): void => {
		// A default of '' says nothing of the text that is usually there.
		const isNamed =
			ts.isVariableDeclaration(node) ||
			(ts.isBindingElement(node) && node.initializer?.getText() !== "''");
		if (isNamed && ts.isIdentifier(node.name) && node.initializer) {
			constants.set(node.name.text, node.initializer);
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return constants;
}

/** The texts that an expression may have; none for one that is no text. */
function textsOf(expression: ts.Expression, constants: Constants): string[] {
	if (ts.isStringLiteralLike(expression)) return [expression.text];
	if (ts.isParenthesizedExpression(expression)) return textsOf(expression.expression, constants);
	if (ts.isArrowFunction(expression) && !ts.isBlock(expression.body)) {
		return textsOf(expression.body, constants);
	}
	if (ts.isConditionalExpression(expression)) {
		return [expression.whenTrue, expression.whenFalse].flatMap((one) => textsOf(one, constants));
	}
	if (ts.isIdentifier(expression)) {
		const known = constants.get(expression.text);
		return known ? textsOf(known, constants) : [];
	}
	if (!ts.isTemplateExpression(expression)) return [];
	return expression.templateSpans.reduce(
		(beginnings, { expression: inner, literal }) =>
			beginnings.flatMap((beginning) =>
				partsOf(inner, constants).map((part) =>
					(beginning + part + literal.text).replaceAll(/…+/g, '…'),
				),
			),
		[expression.head.text],
	);
}

/** What is put into a template: its words if they are in the code, `…` if they are not. */
function partsOf(expression: ts.Expression, constants: Constants): string[] {
	if (/\btitle$/.test(expression.getText())) return [TITLE];
	const texts = textsOf(expression, constants);
	return texts.length > 0 ? texts : ['…'];
}
