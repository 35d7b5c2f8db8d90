import type { Payload } from '@temporalio/common';
import protobuf from 'protobufjs';

/** `temporal.api.common.v1.Payload` as protocol buffers lay it out, so that a codec in any language can read it. */
const { Field, MapField, Type } = protobuf;
const payloadType = new Type('Payload')
  .add(new MapField('metadata', 1, 'string', 'bytes'))
  .add(new Field('data', 2, 'bytes'));

export function packPayload({ metadata, data }: Payload): Uint8Array {
  return payloadType.encode({ metadata: metadata ?? {}, data: data ?? new Uint8Array() }).finish();
}

export function unpackPayload(packed: Uint8Array): Payload {
  return payloadType.toObject(payloadType.decode(packed), { defaults: true });
}
