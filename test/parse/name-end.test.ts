import { describe, expect, it } from 'vitest';
import { findNameEnd, nameMayEnd } from '../../src/parse/name-end.ts';

const nameOf = (text: string) => text.slice(0, findNameEnd(text));

describe('the end of a name, where nothing but commas marks it', () => {
  it.each([
    ['Acme Optics, 12 Test Road, Beijing, China.', 'Acme Optics'],
    ['Acme Optics, Co., Ltd., 12 Test Road, Beijing, China.', 'Acme Optics, Co., Ltd.'],
    [
      'Institute of Optics, Fine Mechanics, and Physics, Changchun, China.',
      'Institute of Optics, Fine Mechanics, and Physics',
    ],
    [
      'Beijing University, School of Optics, No. 1 Test Road, Beijing, China.',
      'Beijing University, School of Optics',
    ],
    ['Acme', 'Acme'],
  ])('of “%s” is behind “%s”', (text, name) => {
    expect(nameOf(text)).toBe(name);
  });

  it('is before a label of addresses, with a comma or a space in front of it', () => {
    for (const joint of [', ', ',', ' '])
      for (const label of ['Address:', 'Addresses:'])
        expect(nameOf(`Gazprom, OAO (a.k.a. Gazprom${joint}${label} Moscow`)).toBe(
          'Gazprom, OAO (a.k.a. Gazprom',
        );
    expect(nameOf('Acme, Addressing Works, Road 1')).toBe('Acme');
  });

  it('takes a series as long as its own words only, not into the address behind it', () => {
    expect(nameOf('Institute of Physical, Technical and Radio Measurements, Moscow, Russia')).toBe(
      'Institute of Physical, Technical and Radio Measurements',
    );
    expect(nameOf('Institute of Optics, Building 7, Test Road, and Moscow')).toBe('Institute of Optics');
  });
});

describe('a name that spells the beginning of a cell', () => {
  it.each([
    '',
    '.',
    ', a.k.a., the following two aliases:',
    ' (see alternate address)',
    ', 12 Test Road',
    '., 12 Test Road',
  ])('may end before “%s”', (rest) => {
    expect(nameMayEnd('Acme Optics', rest)).toBe(true);
  });

  it.each([', Ltd., 12 Test Road', ' Works, 12 Test Road', ' (Beijing) Works'])(
    'may not end before “%s”, which belongs to a longer one',
    (rest) => {
      expect(nameMayEnd('Acme Optics', rest)).toBe(false);
    },
  );

  it('may end before a bracket behind a comma as it may before the bracket', () => {
    expect(nameMayEnd('Acme Optics', ', (see alternate address)')).toBe(true);
    expect(nameMayEnd('Acme Optics', ', (Beijing) Works')).toBe(false);
  });

  it('may not end before a part of its organisation, which is another entity', () => {
    expect(nameMayEnd('Beijing University', ', School of Optics, No. 1 Test Road')).toBe(false);
    expect(nameMayEnd('Acme Optics', ', School of Optics, No. 1 Test Road')).toBe(true);
    expect(nameMayEnd('Beijing University', ', School of Optics 7, Test Road')).toBe(true);
  });
});
