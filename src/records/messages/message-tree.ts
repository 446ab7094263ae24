import { Hl7Error } from '../../formats/hl7v2/hl7-error.ts';
import { parseMessage, type Hl7Message } from '../../formats/hl7v2/message.ts';
import { describeMessage, type TreeNode as PartNode } from '../../formats/hl7v2/tree.ts';

/** A part of a message for the tracer; `start` and `end` are byte offsets in the raw message. */
export interface TreeNodeView {
  path: string;
  name: string;
  data_type: string;
  table?: string | undefined;
  value?: string | undefined;
  start: number;
  end: number;
  children?: TreeNodeView[] | undefined;
}

export interface MessageTreeView {
  readonly message: Hl7Message | undefined;
  readonly version: string;
  readonly charset: string;
  readonly tree: TreeNodeView[];
  readonly problem: string | null;
}

/** Parts that are shown: what a browser can be given at once. The whole message is in its bytes. */
const MAX_NODES = 10_000;

/** A message as a tree; when it cannot be read, why not. */
export function messageTree(bytes: Buffer): MessageTreeView {
  try {
    const message = parseMessage(bytes);
    const described = describeMessage(message, { maxNodes: MAX_NODES });
    const problem = described.truncated
      ? `The message has more parts than the first ${MAX_NODES.toLocaleString('en')}, which are shown.`
      : null;
    return {
      message,
      version: described.version ?? '',
      charset: described.charset,
      tree: described.segments.map(nodeView),
      problem,
    };
  } catch (error) {
    if (!(error instanceof Hl7Error)) throw error;
    return { message: undefined, version: '', charset: '', tree: [], problem: error.message };
  }
}

function nodeView(node: PartNode): TreeNodeView {
  const value = node.cut === true ? `${node.value ?? ''}…` : node.value;
  return {
    path: node.path,
    name: node.name ?? node.segment ?? '',
    data_type: node.type ?? '',
    ...(node.table === undefined ? {} : { table: node.table }),
    // An explicit null deletes a value: it is shown as it stands.
    ...(value === undefined ? {} : { value: value ?? '""' }),
    start: node.start,
    end: node.end,
    ...(node.children === undefined ? {} : { children: node.children.map(nodeView) }),
  };
}
