import { describe, expect, it } from 'vitest';
import { compareNames } from '../../src/screen/compare-names.ts';
import { buildNameIndex } from '../../src/screen/name-index.ts';
import { DEFAULT_THRESHOLD, screen } from '../../src/screen/screen.ts';
import { readRealList } from '../helpers/real-list.ts';

const index = buildNameIndex(readRealList());

const find = (name: string, threshold = DEFAULT_THRESHOLD) =>
  screen(index, [{ id: 'q', names: [name], addresses: [], country: null }], { threshold });
const found = (name: string) => find(name).map(({ matched }) => matched.ours);

/** Kind of variant → what a customer wrote → a text of the real list that it must find. */
const VARIANTS: Record<string, [string, string][]> = {
  'English, as others translate it': [
    ['The Beijing Institute of Technology', 'Beijing Institute of Technology'],
    ['Harbin Institute of Tech.', 'Harbin Institute of Technology'],
    ['Dahua Tech', 'Dahua Technology'],
  ],
  'pinyin without tones': [
    ['Beijing Ligong Daxue', 'Beijing Institute of Technology'],
    ['Huawei Jishu', 'Huawei Technologies Co., Ltd.'],
    ['Sichuan Daxue', 'Sichuan University'],
  ],
  'pinyin with tones': [
    ['Běijīng Lǐgōng Dàxué', 'Beijing Institute of Technology'],
    ['Huáwéi Jìshù', 'Huawei Technologies Co., Ltd.'],
    ['Běijīng Hángkōng Hángtiān Dàxué', 'Beijing University of Aeronautics and Astronautics (BUAA)'],
  ],
  'pinyin with spaces between syllables': [
    ['Bei Jing Li Gong Da Xue', 'Beijing Institute of Technology'],
    ['Běi jīng háng kōng háng tiān dà xué', 'Beijing University of Aeronautics and Astronautics (BUAA)'],
    ['Hua Wei Ji Shu You Xian Gong Si', 'Huawei Technologies Co., Ltd.'],
    ['Hua Wei Yun Ji Suan Ji Shu You Xian Gong Si', 'Huawei Cloud Computing Technology'],
    ['Hai Si Guang Dian Zi You Xian Gong Si', 'HiSilicon Optoelectronics Co., Ltd.'],
  ],
  'pinyin without any spaces': [
    ['beijingligongdaxue', 'Beijing Institute of Technology'],
    ['sichuandaxue', 'Sichuan University'],
    ['haerbingongyedaxue', 'Harbin Institute of Technology'],
    ['zhangjiangshiyanshi', 'Zhangjiang Laboratory'],
    ['sichuanhaitianxinjishujituanyouxiangongsi', 'Sichuan Haitian New Technology Group Co., Ltd.'],
  ],
  'cities and regions in pinyin': [
    ['Haerbin Gongye Daxue', 'Harbin Institute of Technology'],
    ['Ha Er Bin Gong Ye Da Xue', 'Harbin Institute of Technology'],
    ['Xi Bei Gong Ye Da Xue', 'Northwestern Polytechnical University'],
  ],
  abbreviations: [
    ['Northwestern Polytechnical Univ.', 'Northwestern Polytechnical University'],
    ['Beijing Inst. of Tech.', 'Beijing Institute of Technology'],
    ['Sichuan Univ.', 'Sichuan University'],
  ],
  'simplified characters': [
    ['北京理工大学', 'Beijing Institute of Technology'],
    ['华为技术有限公司', 'Huawei Technologies Co., Ltd.'],
    ['杭州海康威视数字技术股份有限公司', 'Hangzhou Hikvision Digital Technology Co., Ltd.'],
    ['第十四研究所', 'Research Institute 14'],
    ['华为终端有限公司', 'Huawei Device Co., Ltd.'],
    ['军事医学科学院', 'Academy of Military Medical Sciences'],
    ['海能达通信股份有限公司', 'Hytera Communications Limited'],
  ],
  'traditional characters': [
    ['北京理工大學', 'Beijing Institute of Technology'],
    ['華為技術有限公司', 'Huawei Technologies Co., Ltd.'],
    ['哈爾濱工業大學', 'Harbin Institute of Technology'],
    ['商湯科技', 'Sense Time'],
  ],
  'other scripts, transliterated': [
    ['Концерн Калашников', 'Kalashnikov Concern'],
    ['Алмаз-Антей', 'Almaz-Antey Corp'],
    ['ПАО Микрон', 'PJSC Mikron'],
  ],
  'another legal form, or none': [
    ['Huawei Technologies', 'Huawei Technologies Co., Ltd.'],
    ['Huawei Technologies GmbH', 'Huawei Technologies Co., Ltd.'],
    ['Huawei Technologies Company Limited', 'Huawei Technologies Co., Ltd.'],
    ['Mikron JSC', 'PJSC Mikron'],
  ],
  'another order of words': [
    ['Technology Institute, Beijing', 'Beijing Institute of Technology'],
    ['Concern "Kalashnikov"', 'Kalashnikov Concern'],
    ['Ltd. Co. Technologies Huawei', 'Huawei Technologies Co., Ltd.'],
  ],
  'look-alike letters': [
    ['НUАWЕI Technоlоgies', 'Huawei Technologies Co., Ltd.'],
    ['ＩＦＬＹＴＥＫ', 'IFLYTEK'],
    ['Huawei Techn0logies', 'Huawei Technologies Co., Ltd.'],
    ['Da\u200bhua Technology', 'Dahua Technology'],
  ],
  typos: [
    ['Huwaei Technologies', 'Huawei Technologies Co., Ltd.'],
    ['Hikvison Digital Technology Hangzhou', 'Hangzhou Hikvision Digital Technology Co., Ltd.'],
    ['Beijng Institute of Tecnology', 'Beijing Institute of Technology'],
    ['Kalashnikof Concern', 'Kalashnikov Concern'],
    ['Luarel Technologies', 'Laurel Technologies Co. Ltd.'],
    ['Fnicor LLC', 'Fincor LLC'],
    ['Mako Holinng', 'Private Joint-Stock Company Mako Holding'],
    ['Jiangxi Xiituo Enterprise', 'Jiangxi Xintuo Enterprise Co. Ltd.'],
    [
      'Shanghai Huada Jiutain Ineormation Technology',
      'Shanghai Huada Jiutian Information Technology Co., Ltd.',
    ],
    ['Clossed Joint Stock Company Turborus', 'Closed Joint Stock Company Turborus'],
  ],
  'spaces and punctuation lost': [
    ['SenseTime', 'Sense Time'],
    ['harbin-institute-of-technology', 'Harbin Institute of Technology'],
    ['TMOTOR', 'T-MOTOR'],
  ],
};

describe.each(Object.entries(VARIANTS))('%s', (_kind, rows) => {
  it.each(rows)('“%s” finds “%s”', (written, ours) => {
    expect(found(written)).toContain(ours);
  });
});

describe('names that are near and are not on the list', () => {
  it.each([
    'Samsung Electronics Co., Ltd.',
    'Siemens AG',
    'Toyota Motor Corporation',
    'Beijing Tongrentang Co., Ltd.',
    'Shanghai Electric Group',
    'Tsinghua University',
    'Harbin Beer Group',
    'Global Trading Company',
    'Huaxing Technology Co., Ltd.',
    'Moscow State University',
    'Pakistan International Airlines',
    'Zhejiang Geely Holding',
    'Technology Co., Ltd.',
    'Trading LLC',
    '四川师范大学',
    'qinghuadaxue',
    'sichuanshifandaxue',
    'Haerbin Pijiu',
  ])('“%s” finds nothing', (name) => {
    expect(found(name)).toEqual([]);
  });
});

describe('two provinces that pinyin without tones spells alike', () => {
  const LISTED = 'Shaanxi Changling Electronic Technology Co., Ltd.';

  it.each(['陕西长岭电子科技有限责任公司', '陝西長嶺電子科技有限責任公司', 'Shǎnxī Chánglǐng Diànzǐ Kējì'])(
    '“%s” says Shaanxi, and finds its firm',
    (name) => {
      expect(found(name)).toContain(LISTED);
    },
  );

  it.each(['山西长岭电子科技有限责任公司', 'Shānxī Chánglǐng Diànzǐ Kējì'])(
    '“%s” says Shanxi, which is another',
    (name) => {
      expect(found(name)).not.toContain(LISTED);
    },
  );

  it('“Shanxi” may be either: it finds both, the one that is spelled so first', () => {
    const firms = ['Shaanxi Changling Electronic Technology', 'Shanxi Changling Electronic Technology'];
    const both = buildNameIndex(
      firms.map((name) => ({ id: name, names: [name], addresses: [], country: 'CN' })),
    );
    const query = {
      id: 'q',
      names: ['Shanxi Changling Electronic Technology'],
      addresses: [],
      country: null,
    };
    const hits = screen(both, [query]);
    expect(hits.map(({ subjectId }) => subjectId)).toEqual([firms[1], firms[0]]);
    expect(hits[1]!.reasons).toContain('“shaanxi” and “shanxi” differ by 1 letter');
  });
});

describe('words of pinyin that are names', () => {
  it.each([
    ['Zhongyuan Optics', 'Zhongduan Optics'],
    ['Yichang Trading', 'Yinhang Trading'],
    ['Liang Ping', 'Leon Ping'],
  ])('“%s” is not read as the word near it, “%s”', (name, other) => {
    expect(compareNames(name, other).score).toBeLessThan(0.95);
  });
});

describe('an address', () => {
  const at = (address: string) =>
    screen(index, [{ id: 'q', names: ['Quite Another Firm'], addresses: [address], country: null }]);

  it('that is itself listed is found under any name', () => {
    const [hit] = at('Unit D 16F, One Capital Place, 18 Luard Road, Wanchai, Hong Kong');
    expect(hit).toMatchObject({ matched: { field: 'address' }, reasons: ['the address itself is listed'] });
  });

  it('with another number is another place', () => {
    expect(at('Unit K 3F, Another Capital Place, 99 Luard Road, Wanchai, Hong Kong')).toEqual([]);
  });

  it('that is no more than a town finds nothing', () => {
    expect(at('Shenzhen, China')).toEqual([]);
  });
});

describe('hits', () => {
  it('come the best first, once for each entry', () => {
    const hits = find('Huawei Technologies');
    expect(hits.length).toBeGreaterThan(10);
    expect(hits.map(({ score }) => score)).toEqual(hits.map(({ score }) => score).sort((a, b) => b - a));
    expect(new Set(hits.map(({ subjectId }) => subjectId)).size).toBe(hits.length);
  });

  it('below the threshold are left out', () => {
    const scores = find('Huawey Technologies', 0.6).map(({ score }) => score);
    const middle = scores[Math.floor(scores.length / 2)]!;
    expect(find('Huawey Technologies', middle).every(({ score }) => score >= middle - 0.0005)).toBe(true);
    expect(find('Huawey Technologies', 0.999)).toEqual([]);
  });

  it('say where the countries differ, and are shown all the same', () => {
    const [hit] = screen(index, [
      { id: 'q', names: ['Beijing Institute of Technology'], addresses: [], country: 'US' },
    ]);
    expect(hit).toMatchObject({ score: 1, countryAgrees: false });
    expect(hit!.reasons.at(-1)).toBe('another country: CN on the list, theirs US');
  });
});
