import { readFileSync } from 'node:fs';
import JSON5 from 'json5';
import type { ConfigFile } from './find-config-file.ts';

/** What the file holds, or one line for a person about why it cannot be read. */
export function readConfigFile(file: ConfigFile): { value: unknown } | { problem: string } {
  try {
    return { value: JSON5.parse(readFileSync(file.path, 'utf8')) };
  } catch (error) {
    return {
      problem: error instanceof SyntaxError ? syntaxProblem(file, error) : readProblem(file, error),
    };
  }
}

function readProblem({ path, origin }: ConfigFile, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') {
    return `The file ${path} does not exist. Create it (config.json of this program is a start), or correct the path given by ${origin}`;
  }
  if (code === 'EISDIR') return `${path} is a folder. Give the path of a file (now given by ${origin})`;
  return `The file ${path} (given by ${origin}) cannot be read (${code}). Allow this program's user to read it`;
}

/** json5 says what character it did not expect; that may be part of a password, so only the place is passed on. */
function syntaxProblem({ path }: ConfigFile, error: SyntaxError): string {
  const { lineNumber, columnNumber } = error as SyntaxError & { lineNumber: number; columnNumber: number };
  const hint = error.message.includes('end of input')
    ? 'the file ends too early, a closing } or ] or a quotation mark is missing'
    : 'look there and at the line before for a missing comma, colon, bracket or quotation mark, or one too many';
  return `The file ${path} is not valid JSON at line ${lineNumber}, column ${columnNumber}: ${hint}`;
}
