import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { FileGone, type VideoFiles } from '../json2video/video-files.js';
import { keepFile, type OpenedFile } from '../keep/keep-file.js';
import { VideoConflict } from '../keep/video-store.js';
import { type KeepVideoRequest, type KeptVideo, VIDEO_LOST } from '../render/kept.js';
import { messageOf, shorten } from '../text/text.js';
import type { ActivityDependencies } from './dependencies.js';

/** A heartbeat's interval: the engine sees a dead worker within its heartbeat timeout of a minute. */
const HEARTBEAT_MS = 5_000;

/**
 * Creates the activity that copies a finished video into the store. The engine repeats it until the provider deletes the
 * file; each attempt begins with a look at the store, so that an attempt after a crash only completes what is missing.
 */
export function createKeepVideo({ keeping, json2video, now }: ActivityDependencies) {
  return async function keepVideo(request: KeepVideoRequest): Promise<KeptVideo> {
    if (keeping === undefined) throw new Error('RENDERONCE_KEEP is not set on this worker');
    const { store, files, onCopy } = keeping;
    const context = Context.current();
    const { cancellationSignal: signal, client } = context;
    const progress = { bytes: 0, of: request.sizeBytes };
    const beat = setInterval(() => context.heartbeat({ ...progress }), HEARTBEAT_MS);
    try {
      const kept = await keepFile(store, request, {
        namespace: client.options.namespace,
        signal,
        now,
        open: () => openNewest(files, request, signal, () => newestUrl(request)),
        onBytes: (bytes) => void (progress.bytes = bytes),
      });
      onCopy?.('kept');
      return kept;
    } catch (error) {
      const failure = failureOf(error, request, now());
      onCopy?.(failure.nonRetryable === true ? 'lost' : 'failed');
      throw failure;
    } finally {
      clearInterval(beat);
    }
  };

  /** Asks the provider for the file's address. Fails for good if the provider has deleted the file. */
  async function newestUrl({ project }: KeepVideoRequest): Promise<string | undefined> {
    const reading = await json2video.read(project);
    if (reading.says === 'done') return reading.video.url;
    if (reading.says === 'gone') throw lost(`the provider has deleted the file of project ${project}`);
    return undefined;
  }
}

/** Opens the file at its address. If it is not there, the provider may know another address by now. */
async function openNewest(
  files: VideoFiles,
  { url }: KeepVideoRequest,
  signal: AbortSignal,
  newestUrl: () => Promise<string | undefined>,
): Promise<OpenedFile> {
  try {
    return await files.open(url, signal);
  } catch (error) {
    if (!(error instanceof FileGone)) throw error;
    const other = await newestUrl();
    if (other === undefined || other === url) throw error;
    return files.open(other, signal);
  }
}

/** Returns the failure of an attempt. It is final if repeating cannot help. */
function failureOf(error: unknown, { expiresAt }: KeepVideoRequest, nowMs: number): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  const message = shorten(messageOf(error));
  if (error instanceof VideoConflict) return lost(message);
  const isOver = expiresAt !== null && Date.parse(expiresAt) <= nowMs;
  if (isOver) return lost(`the provider deleted the file at ${expiresAt}; last: ${message}`);
  return ApplicationFailure.create({ message, type: 'KeepFailed' });
}

function lost(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, VIDEO_LOST);
}
