import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import writeXlsxFile from 'write-excel-file/node';
import { measureFile, spoolUpload } from '../../src/watchlist/spool.ts';
import { encodeGb18030, readBytes } from '../helpers/upload.ts';

const xlsx = async (rows: (string | number | null)[][]): Promise<Buffer> =>
  writeXlsxFile(rows.map((row) => row.map((value) => (value === null ? null : { value })))).toBuffer();

describe('a watchlist as CSV', () => {
  it('is read by the names of its columns, in any order and of several languages', async () => {
    const { taken, ignoredColumns } = await readBytes(
      'Customer No.;Land;Firma;Strasse;Ort;Aliases;VAT\n4711;Deutschland;"Müller; Söhne GmbH";Hauptstr. 1;Köln;M&S;DE1\n',
    );
    expect(taken).toEqual([
      {
        row: 2,
        key: expect.stringMatching(/^[0-9a-f]{64}$/u),
        ref: '4711',
        name: 'Müller; Söhne GmbH',
        aliases: ['M&S'],
        addresses: ['Hauptstr. 1, Köln'],
        country: 'DE',
        note: '',
      },
    ]);
    expect(ignoredColumns).toEqual(['VAT']);
  });

  it.each([
    ['UTF-8 with a mark', Buffer.from('\ufeff名称,国家\n浪潮集团,中国\n'), 'utf-8'],
    ['UTF-16', Buffer.from('\ufeff名称,国家\n浪潮集团,中国\n', 'utf16le'), 'utf-16le'],
    ['UTF-16 without a mark', Buffer.from('Name,国家\nInspur 浪潮集团,中国\n', 'utf16le'), 'utf-16le'],
    ['GB18030', encodeGb18030('名称,国家\n浪潮集团,中国\n'), 'gb18030'],
  ])('in %s is read as such', async (_, bytes, encoding) => {
    const reading = await readBytes(bytes, { size: 3 });
    expect(reading.encoding).toBe(encoding);
    expect(reading.taken).toMatchObject([{ name: expect.stringContaining('浪潮集团'), country: 'CN' }]);
  });

  it('in Windows-1252 is read as such, and says so', async () => {
    const reading = await readBytes(Buffer.from('name,country\nSociété Générale,FR\nMüller,DE\n', 'latin1'));
    expect(reading.taken.map((row) => row.name)).toEqual(['Société Générale', 'Müller']);
    expect(reading.notes.first[0]).toMatchObject({ code: 'encoding' });
  });

  it('with a few broken bytes stays UTF-8, and names their rows', async () => {
    const good = Array.from({ length: 30 }, (_, at) => `浪潮集团${at}`).join('\n');
    const broken = Buffer.concat([
      Buffer.from(`name\n${good}\n`),
      Buffer.from([0xe6, 0xb5]),
      Buffer.from('x\nAcme\n'),
    ]);
    const reading = await readBytes(broken);
    expect(reading.encoding).toBe('utf-8');
    expect(reading.faults).toMatchObject({ count: 1, first: [{ row: 32, code: 'broken-text' }] });
  });

  it('lists the faults of all rows by line, and hands on nothing after the first', async () => {
    const reading = await readBytes(
      `name,id,country\nAcme,1,CN\n,2,CN\n"Two\nlines",3,CN\nBeta,4,Atlantis\n${'x'.repeat(301)},5,CN\n!!!,6,CN\nA, B,7,CN\n`,
    );
    expect(reading.faults.first.map(({ row, code }) => [row, code])).toEqual([
      [3, 'no-name'],
      [4, 'line-break'],
      [7, 'too-long'],
      [8, 'no-name'],
      [9, 'too-many-cells'],
    ]);
    expect(reading.notes.first).toMatchObject([{ row: 6, code: 'unknown-country' }]);
    expect(reading.taken).toEqual([]);
  });

  it('counts all faults and lists a hundred', async () => {
    const { faults } = await readBytes(`id,name\n${'1,\n'.repeat(5_000)}`);
    expect(faults.count).toBe(5_000);
    expect(faults.first).toHaveLength(100);
  });

  it('can be taken without its faulty rows, where that is asked for', async () => {
    const reading = await readBytes('id,name\n1,Acme\n2,\n3,Beta\n', { skipFaulty: true });
    expect(reading.taken.map(({ row, name }) => [row, name])).toEqual([
      [2, 'Acme'],
      [4, 'Beta'],
    ]);
    expect(reading.faults.count).toBe(1);
  });

  it.each([
    ['a quotation mark that never closes', `name\n"Acme\n${'y\n'.repeat(100_000)}`, 'watchlist-unreadable'],
    ['no column of names', 'a,b\n1,2\n', 'watchlist-no-name'],
    ['two columns of names', 'name,company\nA,B\n', 'watchlist-two-columns'],
    ['the same header twice', 'name,country,Country\nA,CN,US\n', 'watchlist-two-columns'],
    ['a header alone', 'name\n\n\n', 'watchlist-empty'],
    ['nothing', '', 'watchlist-empty'],
    ['bytes that are no text', Buffer.from([0, 1, 2, 0, 0xff, 0]), 'watchlist-unreadable'],
    ['an old workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'watchlist-unreadable'],
    ['a web page', '<html>name</html>', 'watchlist-unreadable'],
  ])('with %s is refused as a whole', async (_, bytes, code) => {
    await expect(readBytes(bytes)).rejects.toMatchObject({ code, hint: expect.stringMatching(/\w/u) });
  });

  it('may have many rows, and says how far it is', async () => {
    const rows = Array.from({ length: 20_000 }, (_, at) => `${at},"Company, No. ${at}",CN`);
    const reading = await readBytes(`id,name,country\n${rows.join('\n')}`);
    expect(reading.rows).toBe(20_000);
    expect(reading.taken[19_999]).toMatchObject({ row: 20_001, ref: '19999', name: 'Company, No. 19999' });
    expect(reading.progress.at(-1)).toBe(1);
  });

  it('reads back every name that can be quoted', async () => {
    const name = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 60 })
      .map((text) => `A${text.replace(/[\p{Cc}\p{Cf}\s\ufffd\p{Cs}]+/gu, '')}`);
    await fc.assert(
      fc.asyncProperty(fc.array(name, { minLength: 1, maxLength: 20 }), async (names) => {
        const text = `name\n${names.map((one) => `"${one.replaceAll('"', '""')}"`).join('\n')}`;
        const { taken } = await readBytes(`\ufeff${text}`, { size: 5 });
        expect(taken.map((row) => row.name)).toEqual(names.map((one) => one.normalize('NFC')));
      }),
      { numRuns: 50 },
    );
  });
});

describe('a watchlist as JSON', () => {
  const objects = [
    { id: 1, name: 'Acme {"x"} [Ltd]', country: 'CHN', aliases: ['A\\', 'B'], Address: '1 Road; 2 Street' },
    { id: '2', 公司名称: '浪潮', note: null },
  ];

  it.each([
    ['an array', JSON.stringify(objects)],
    ['an array over several lines', JSON.stringify(objects, null, 2)],
    ['a line each', objects.map((one) => JSON.stringify(one)).join('\n')],
  ])('of %s is read object by object', async (_, text) => {
    const { taken, format } = await readBytes(text, { size: 4 });
    expect(format).toBe('json');
    expect(taken).toMatchObject([
      {
        row: 1,
        ref: '1',
        name: 'Acme {"x"} [Ltd]',
        country: 'CN',
        aliases: ['A\\', 'B'],
        addresses: ['1 Road', '2 Street'],
      },
      { row: 2, ref: '2', name: '浪潮', country: null },
    ]);
  });

  it('that is cut is refused, wherever it is cut', async () => {
    const text = JSON.stringify(objects);
    for (let at = 1; at < text.length; at += 1)
      await expect(readBytes(text.slice(0, at)), text.slice(0, at)).rejects.toMatchObject({
        code: expect.stringMatching(/^watchlist-/u),
      });
  });

  it('with an object that has no name says which one', async () => {
    const { faults } = await readBytes('[{"name":"A"},{"title":"B"},{"name":{"en":"C"}}]');
    expect(faults.first.map(({ row, code }) => [row, code])).toEqual([
      [2, 'no-name'],
      [3, 'bad-field'],
    ]);
  });
});

describe('a watchlist as a workbook', () => {
  it('is read like the same table as CSV, with ids as they are written', async () => {
    const bytes = await xlsx([
      ['Name', 'ID', 'Country'],
      ['浪潮集团', '0047', 'CN'],
      [null, null, null],
      ['Acme', 12345678901, 'United States'],
    ]);
    const { taken, format } = await readBytes(bytes);
    expect(format).toBe('xlsx');
    expect(taken.map(({ row, ref, name, country }) => [row, ref, name, country])).toEqual([
      [2, '0047', '浪潮集团', 'CN'],
      [4, '12345678901', 'Acme', 'US'],
    ]);
  });

  it('with 20,000 rows is read while the event loop stays free', async () => {
    const bytes = await xlsx([
      ['name', 'id'],
      ...Array.from({ length: 20_000 }, (_, at) => [`Company ${at}`, at]),
    ]);
    let latest = performance.now();
    let worst = 0;
    const timer = setInterval(() => {
      worst = Math.max(worst, performance.now() - latest);
      latest = performance.now();
    }, 1);
    const { rows } = await readBytes(bytes);
    clearInterval(timer);
    expect(rows).toBe(20_000);
    expect(worst).toBeLessThan(250);
  });

  it.each([
    ['whose size is stated', false],
    ['whose size is denied', true],
  ])('that is a bomb %s is refused before it is unpacked', async (_, lies) => {
    const before = process.memoryUsage().rss;
    await expect(readBytes(zeros(300 * 1024 * 1024, lies))).rejects.toMatchObject({
      code: expect.stringMatching(/^watchlist-(?:too-large|unreadable)$/u),
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  });

  it('that is cut, or holds one cell far out, is refused within its bounds', async () => {
    const bytes = await xlsx([['name'], ['Acme']]);
    await expect(readBytes(bytes.subarray(0, bytes.length - 30))).rejects.toMatchObject({
      code: 'watchlist-unreadable',
    });
    const cell = (place: string) => `<c r="${place}" t="inlineStr"><is><t>name</t></is></c>`;
    const sheet = `<worksheet><sheetData><row r="1">${cell('A1')}</row><row r="1048576">${cell('XFD1048576')}</row></sheetData></worksheet>`;
    const before = process.memoryUsage().rss;
    await expect(readBytes(workbook(sheet))).rejects.toMatchObject({ code: 'watchlist-too-large' });
    expect(process.memoryUsage().rss - before).toBeLessThan(700 * 1024 * 1024);
  });
});

it('a file above 50 MB is refused while it comes, and nothing of it stays', async () => {
  const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('elwatch-upload-')).length;
  const before = left();
  async function* endless() {
    for (;;) yield Buffer.alloc(1024 * 1024, 'a');
  }
  await expect(spoolUpload(endless())).rejects.toMatchObject({
    code: 'watchlist-too-large',
    message: expect.stringContaining('50 MB'),
  });
  expect(left()).toBe(before);
  await expect(measureFile('/nowhere/at/all')).rejects.toMatchObject({ code: 'file-unreadable' });
});

const zeros = (size: number, lies: boolean) =>
  zip([{ name: 'xl/worksheets/sheet1.xml', content: Buffer.alloc(size), stated: lies ? 1_000 : size }]);

/** The least of a workbook around the XML of its one sheet. */
function workbook(sheet: string): Buffer {
  const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const files = {
    'xl/workbook.xml': `<workbook xmlns:r="${relations}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="r1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': sheet,
  };
  return zip(Object.entries(files).map(([name, text]) => ({ name, content: Buffer.from(text) })));
}

/** A ZIP archive; `stated` is the size that its headers say. */
function zip(files: { name: string; content: Buffer; stated?: number }[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, content, stated = content.length } of files) {
    const packed = deflateRawSync(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(packed.length, 18);
    local.writeUInt32LE(stated, 22);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(8, 10);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt32LE(stated, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(at, 42);
    locals.push(local, Buffer.from(name), packed);
    directory.push(central, Buffer.from(name));
    at += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, ...directory, end]);
}
