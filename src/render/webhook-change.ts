import type { Change, ChangeKind, EntryField, EntryText, StoredChange } from '../model.ts';
import type { Clipper } from './clipper.ts';
import type { ChangeCounts, ChangeData } from './webhook-schema.ts';
import { describeChange } from './words.ts';

/** What tells an entry that was added or removed. */
const WHOLE: readonly EntryField[] = ['name', 'aliases', 'addresses', 'footnotes'];

/** One change as a webhook carries it. */
export function viewChangeData(change: StoredChange, createClip: () => Clipper): ChangeData {
  const clip = createClip();
  const fields = change.kind === 'added' || change.kind === 'removed' ? WHOLE : change.fields;
  const { seq, kind, list, entryId, country, effectiveOn } = change;
  const { instruction, row, page } = change.locator ?? {};
  return {
    seq,
    kind,
    list,
    entryId,
    destination: clip.text(change.destination),
    country,
    movedFrom: change.movedFrom
      ? { destination: clip.text(change.movedFrom.destination), country: change.movedFrom.country }
      : null,
    name: clip.text(change.name),
    text: clip.text(describeChange(change)),
    fields: change.fields,
    before: change.before === null ? null : viewSide(change.before, fields, clip),
    after: change.after === null ? null : viewSide(change.after, fields, clip),
    effectiveOn,
    because: change.because ?? null,
    ofSeq: change.ofSeq ?? null,
    locator:
      change.locator === null
        ? null
        : { instruction: clip.text(instruction ?? ''), row: row ?? null, page: page ?? null },
    clipped: clip.clipped,
  };
}

function viewSide(entry: EntryText, fields: readonly EntryField[], clip: Clipper): ChangeData['before'] {
  const shown: NonNullable<ChangeData['before']> = {};
  for (const field of fields)
    switch (field) {
      case 'name':
      case 'licenseRequirement':
      case 'licenseReviewPolicy':
        shown[field] = clip.text(entry[field]);
        break;
      case 'aliases':
      case 'addresses':
      case 'seeAlso':
        shown[field] = clip.texts(entry[field]);
        break;
      case 'footnotes':
        shown.footnotes = clip.items(entry.footnotes);
        break;
      // The heading is the change's own; citations say no more than the document of the change set.
      case 'destination':
      case 'citations':
        break;
    }
  return shown;
}

/** How many changes there are of each kind. */
export function countKinds(changes: readonly Change[]): ChangeCounts {
  const of = (kind: ChangeKind) => changes.filter((change) => change.kind === kind).length;
  return { added: of('added'), revised: of('revised'), removed: of('removed'), editorial: of('editorial') };
}
