import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  type RequestId,
} from '@modelcontextprotocol/sdk/types.js';

export interface CallsUnderWay {
  /** Waits until each request has its answer, at most so many milliseconds. Answers whether each has. */
  settled(mostMs: number): Promise<boolean>;
}

/**
 * Watches the requests of a transport. To be set up before a server connects to it, which adds itself behind. A request
 * that was taken back by “notifications/cancelled” gets no answer (Model Context Protocol, cancellation).
 */
export function watchCalls(transport: Transport): CallsUnderWay {
  const open = new Set<RequestId>();
  let whenSettled = () => {};
  const end = (id: RequestId) => {
    open.delete(id);
    if (open.size === 0) whenSettled();
  };

  const before = transport.onmessage;
  transport.onmessage = (message: JSONRPCMessage, ...rest) => {
    if (isJSONRPCRequest(message)) open.add(message.id);
    else if (isJSONRPCNotification(message) && message.method === 'notifications/cancelled')
      end(message.params?.requestId as RequestId);
    before?.(message, ...rest);
  };
  const send = transport.send.bind(transport);
  transport.send = async (message, options) => {
    await send(message, options);
    if ((isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message)) && message.id !== undefined)
      end(message.id);
  };

  return {
    settled: (mostMs) =>
      new Promise((resolve) => {
        if (open.size === 0) return resolve(true);
        const timer = setTimeout(() => resolve(false), mostMs);
        whenSettled = () => {
          clearTimeout(timer);
          resolve(true);
        };
      }),
  };
}
