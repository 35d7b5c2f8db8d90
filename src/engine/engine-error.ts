/** Kinds of engine errors, for programs; they are part of the public interface. */
type EngineErrorCode =
  'ENGINE_NOT_FOUND' | 'ENGINE_FETCH_FAILED' | 'ENGINE_UNSUITABLE' | 'ENGINE_START_FAILED';

interface Wording {
  /** Fault, as a sentence. */
  readonly message: string;
  /** Next step of the reader, as a sentence. */
  readonly next: string;
  readonly cause?: unknown;
}

/**
 * The embedded engine could not be found, fetched or started. Other engines, such as a Temporal cluster or Temporal Cloud,
 * never cause it.
 */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: EngineErrorCode;
  readonly next: string;

  constructor(code: EngineErrorCode, { message, next, cause }: Wording) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.next = next;
  }
}

/** Faults of a folder by the code of the system, each a sentence's end. */
const FOLDER_FAULTS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'its file system is read-only',
  ENOTDIR: 'a part of its path is no folder',
  EEXIST: 'a part of its path is no folder',
  ENOENT: 'it does not exist and cannot be made',
};

const DISK_IS_FULL = /database or disk is full|no space left on device|disk quota exceeded|ENOSPC|EDQUOT/i;

/** Returns the error for a full disk if a text of the system, of SQLite or of a program says that one is full. */
export function diskFull(
  said: string,
  code: EngineErrorCode,
  folder: string,
  cause?: unknown,
): EngineError | undefined {
  if (!DISK_IS_FULL.test(said)) return undefined;
  return new EngineError(code, {
    message: `The disk of ${folder} is full.`,
    next: 'Free some space there and start again; what was written before is kept.',
    cause,
  });
}

/** Returns the error for a folder that cannot be written; any other error passes unchanged. */
export function folderFault(error: unknown, folder: string, way: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return error;
  const code = String(error.code);
  const full = diskFull(code, 'ENGINE_START_FAILED', folder, error);
  if (full !== undefined) return full;
  const fault = FOLDER_FAULTS[code];
  if (fault === undefined) return error;
  return new EngineError('ENGINE_START_FAILED', {
    message: `The engine's folder ${folder} cannot be written: ${fault} (${code}).`,
    next: `Make it a folder that this user may write, or choose another one${way}.`,
    cause: error,
  });
}

/** Returns the fault of disk or database file that an engine's output names, if it names one. */
export function storageFault(
  lines: readonly string[],
  folder: string,
  dbFile: string | undefined,
  cause: unknown,
): EngineError | undefined {
  const full = diskFull(lines.join('\n'), 'ENGINE_START_FAILED', folder, cause);
  if (full !== undefined) return full;
  const isUnwritable = lines.some((line) => /readonly database|unable to open database file/.test(line));
  if (dbFile === undefined || !isUnwritable) return undefined;
  return new EngineError('ENGINE_START_FAILED', {
    message: `The engine's database file ${dbFile} cannot be written.`,
    next: 'Let this user write the file and its folder, or choose another one.',
    cause,
  });
}
