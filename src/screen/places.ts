import { createRequire } from 'node:module';
import countries from 'i18n-iso-countries';

countries.registerLocale(createRequire(import.meta.url)('i18n-iso-countries/langs/en.json'));

/** Places and the adjectives made of them, by the word that stands for each row. */
const ROWS = `
china: chinese prc zhongguo sino cn
russia: russian rossiya rossiyskaya rossiiskaya rossiyskiy rossiyskoy rossiyskoi rossii rf russianfederation
iran: iranian islamicrepublicofiran
pakistan: pakistani
turkey: turkish turkiye turk
hongkong: hk xianggang hksar
taiwan: taiwanese
germany: german deutschland deutsche
france: french
unitedkingdom: uk british britain greatbritain england
usa: us america american unitedstates unitedstatesofamerica
uae: unitedarabemirates emirates
india: indian
japan: japanese nippon
korea: korean
belarus: belarusian
ukraine: ukrainian
israel: israeli
europe: european eu
asia: asian
africa: african
syria: syrian
schweiz: switzerland swiss
saudiarabia: ksa
beijing: peking pekin
shanghai:
guangzhou: canton
shenzhen:
tianjin:
chongqing: chungking
nanjing: nanking
xian: xianshi
harbin: haerbin
urumqi: wulumuqi
macau: macao aomen
taipei: taibei
hsinchu: xinzhu
kaohsiung: gaoxiong
kowloon: jiulong
tibet: xizang
innermongolia: neimenggu
shaanxi: shan3xi1 shensi
shanxi:
shan1xi1:
northwest: northwestern xibei
northeast: northeastern dongbei
southwest: southwestern xinan
southeast: southeastern dongnan
chengdu:
`;

/** Cities, provinces and regions that stand in names of firms. */
const CITIES = `wuhan hangzhou suzhou wuxi hefei changsha changchun shenyang dalian qingdao jinan ningbo
 xiamen fuzhou zhuhai dongguan foshan kunshan kunming taiyuan zhengzhou nanchang nanning guiyang lanzhou
 baotou luoyang mianyang changzhou nantong wuhu xuzhou yangzhou zhenjiang hebei henan hubei hunan shandong
 sichuan yunnan guizhou guangdong guangxi hainan fujian jiangxi jiangsu zhejiang anhui liaoning jilin heilongjiang gansu
 qinghai ningxia xinjiang wanchai moscow moskva moskovskiy moskovskoe
 stpetersburg saintpetersburg sanktpeterburg petersburg peterburg leningrad kazan novosibirsk yekaterinburg ekaterinburg samara
 nizhnynovgorod nizhniynovgorod novgorod tomsk omsk perm ufa tula voronezh rostov krasnodar krasnoyarsk irkutsk vladivostok khabarovsk
 zelenograd dubna taganrog penza saratov volgograd chelyabinsk izhevsk ulyanovsk ryazan arzamas crimea krym krymskiy simferopol
 sevastopol kerch yalta feodosia kyiv kiev minsk tehran isfahan esfahan shiraz tabriz mashhad karaj lahore karachi islamabad
 rawalpindi peshawar kabul dubai abudhabi sharjah ajman istanbul ankara izmir bursa delhi newdelhi mumbai singapore kualalumpur
 london paris berlin munich hamburg frankfurt newyork tokyo seoul bangkok hanoi jakarta manila yangon damascus beirut baghdad
 cairo johannesburg ural urals siberia siberian caucasus baltic`;

const plain = (name: string) =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z]/gu, '');
const COUNTRIES = Object.values(countries.getNames('en', { select: 'all' }));

/** Countries but China, by the word that stands for them: "haitian" is no "Haiti". */
export const FOREIGN: ReadonlySet<string> = new Set(
  COUNTRIES.map(([name]) => plain(name!)).filter((name) => name !== 'china'),
);

/** A place or its adjective, in plain letters without spaces → the word that stands for it. */
export const PLACES: ReadonlyMap<string, string> = (() => {
  const places = new Map<string, string>();
  for (const names of COUNTRIES) for (const name of names) places.set(plain(name), plain(names[0]!));
  for (const city of CITIES.split(/\s+/u)) places.set(city, city);
  for (const row of ROWS.trim().split('\n')) {
    const [place, also = ''] = row.split(':') as [string, string?];
    for (const word of [place, ...also.trim().split(' ')]) if (word !== '') places.set(word, place);
  }
  return places;
})();
