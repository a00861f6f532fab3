import { expect, it } from 'vitest';
import { compareNames } from '../../src/screen/compare-names.ts';

/** Of the list, of a customer, and every reason that is given. */
const CASES: [string, string, string[]][] = [
  ['Dahua Technology', 'DAHUA TECHNOLOGY', ['the same name']],
  ['Beijing Institute of Technology', 'Technology Institute, Beijing', ['the same words in another order']],
  [
    'Beijing Institute of Technology',
    '北京理工大學',
    ['“北京理工大學” reads “beijing institute of technology”', 'the same name'],
  ],
  [
    'Kalashnikov Concern',
    'Калашников Концерн',
    [
      '“Калашников Концерн” in Latin letters is “kalashnikov kontsern”',
      'the same name',
      '“concern” stands for “kontsern”',
    ],
  ],
  ['Huawei Cloud', 'Huwaei Cloud', ['“huawei” and “huwaei” differ by 1 letter']],
  ['Mahmood Karimi', 'Mahmoud Karimi', ['“mahmood” and “mahmoud” differ by 1 letter']],
  [
    'Sense Time',
    'SenseTime Technology',
    ['“sense time” and “sensetime” differ by a space', 'only in theirs: “technology”'],
  ],
  ['Jean-Claude Bemba', 'JC Bemba', ['“jean claude” and “jc” have the same first letters']],
  [
    'Huawei Technologies Co., Ltd.',
    'Huawei Technologies',
    ['the same name but for what follows', 'without legal form “co ltd” in theirs'],
  ],
  ['Mikron GmbH', 'Mikron JSC', ['the same name', 'legal form differs: gmbh / jsc']],
  ['Hangzhou Dahua', 'Dahua', ['only on the list: “hangzhou”']],
  ['Dahua', 'Hangzhou Dahua', ['only in theirs: “hangzhou”']],
  ['Acme Optics', 'Acme Logistics', ['“optics” on the list, where theirs has “logistics”']],
  ['3-K Electronics Limited', '3K Electronics Limited', ['the same letters, but for spaces and punctuation']],
];

it.each(CASES)('“%s” and “%s”: why, in words', (ours, theirs, reasons) => {
  expect(compareNames(ours, theirs).reasons).toEqual(reasons);
});

it('a name of any length is quoted in a short line', () => {
  const { reasons } = compareNames('北京'.repeat(150), `北京${'理工'.repeat(140)}`);
  expect(Math.max(...reasons.map((reason) => reason.length))).toBeLessThan(2_000);
});
