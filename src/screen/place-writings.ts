/**
 * Places in their own writing, by the spellings of the lists: of those whose letters, taken one by one, give another
 * word. Москва gives "Moskva", and the vowels of طهران are not written at all. Chinese characters have their own
 * tables.
 */
const ROWS = `
Moscow: москва
St. Petersburg, Saint Petersburg, Sankt Peterburg: санкт-петербург, с-петербург, спб, петербург
Russia: россия, рф
Crimea, Krym: крым
Kyiv, Kiev: киев, київ
Kharkiv, Kharkov: харьков, харків
Beijing: пекин
Shanghai: шанхай
Shenzhen: шэньчжэнь
Guangzhou: гуанчжоу
Hong Kong: гонконг
China: китай
Dubai: дубай
Istanbul: стамбул
Turkey: турция
Tokyo: 東京, 东京
Osaka: 大阪
Iran: ایران, إيران
Tehran: تهران, طهران
Isfahan, Esfahan: اصفهان, أصفهان
Shiraz: شیراز
Mashhad, Mashad: مشهد
Tabriz: تبریز
Karaj: کرج
Qom: قم
Arak: اراک
Ahvaz, Ahwaz: اهواز
Kerman: کرمان
Yazd: یزد
Bandar Abbas: بندر عباس
Afghanistan: افغانستان
Kabul: کابل
Kandahar: قندهار
Herat: هرات
Pakistan: پاکستان
Islamabad: اسلام آباد
Lahore: لاہور
Karachi: کراچی
Rawalpindi: راولپنڈی
Peshawar: پشاور
United Arab Emirates, UAE: الإمارات العربية المتحدة, الإمارات
Dubai: دبي
Abu Dhabi: أبو ظبي, أبوظبي
Sharjah: الشارقة
Ajman: عجمان
Ras Al Khaimah: رأس الخيمة
Syria: سوريا, سورية
Damascus: دمشق
Aleppo: حلب
Lebanon: لبنان
Beirut: بيروت
Iraq: العراق
Baghdad: بغداد
Erbil: أربيل
Egypt: مصر
Cairo: القاهرة
Jordan: الأردن
Amman, Oman: عمان
Riyadh: الرياض
Doha: الدوحة
Muscat: مسقط
Manama: المنامة
Kuwait: الكويت
Tel Aviv: תל אביב
Haifa: חיפה
Jerusalem: ירושלים
Israel: ישראל
`;

/**
 * Lower-case letters, and of Arabic, Persian and Urdu keyboards one for each that a reader takes for the same; the
 * marks of vowels, which few people type, are left out.
 */
export function plainWriting(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u064b-\u065f\u0670\u0640\u200c\u05b0-\u05c7]/gu, '')
    .replace(/[أإآ]/gu, 'ا')
    .replace(/[يى]/gu, 'ی')
    .replaceAll('ك', 'ک')
    .replace(/[ةہۃ]/gu, 'ه');
}

/** A place in plain writing (`plainWriting`) → its spellings, the commonest first. */
export const PLACE_WRITINGS: ReadonlyMap<string, readonly string[]> = new Map(
  ROWS.trim()
    .split('\n')
    .flatMap((row) => {
      const [spellings, writings] = row.split(': ') as [string, string];
      return writings.split(', ').map((writing) => [plainWriting(writing), spellings.split(', ')] as const);
    }),
);
