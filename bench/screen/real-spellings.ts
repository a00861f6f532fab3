/** Names on the list by the spelling that their bearers use, written down by hand. */
export const IN_CHARACTERS: readonly (readonly [listed: string, characters: string])[] = `
Harbin Engineering University: 哈尔滨工程大学
Harbin Institute of Technology: 哈尔滨工业大学
Beijing Institute of Technology: 北京理工大学
Beijing University of Aeronautics and Astronautics (BUAA): 北京航空航天大学
Beijing University of Posts and Telecommunications (BUPT): 北京邮电大学
Nanjing University of Aeronautics and Astronautics: 南京航空航天大学
Nanjing University of Science and Technology: 南京理工大学
Northwestern Polytechnical University: 西北工业大学
Sichuan University: 四川大学
University of Electronic Science and Technology of China: 电子科技大学
Huawei Technologies Co., Ltd.: 华为技术有限公司
Hangzhou Hikvision Digital Technology Co., Ltd.: 杭州海康威视数字技术股份有限公司
Dahua Technology: 大华技术股份有限公司
IFLYTEK: 科大讯飞股份有限公司
Inspur Group: 浪潮集团有限公司
Loongson Technology: 龙芯科技
Beijing Zhipu Huazhang Technology Co., Ltd.: 北京智谱华章科技有限公司
Beijing Zhipu Linghang Technology Co., Ltd.: 北京智谱领航科技有限公司
Beijing Zhipu Qingyan Technology Co., Ltd.: 北京智谱清言科技有限公司
Beijing Zhipu Future Technology Co., Ltd.: 北京智谱未来科技有限公司
Hangzhou Zhipu Huazhang Technology Co., Ltd.: 杭州智谱华章科技有限公司
Beijing Biren Technology Development Co., Ltd.: 北京壁仞科技开发有限公司
Shanghai Biren Integrated Circuit Co., Ltd.: 上海壁仞集成电路有限公司
Guangzhou Biren Integrated Circuit Co., Ltd.: 广州壁仞集成电路有限公司
Hangzhou Biren Technology Development Co., Ltd.: 杭州壁仞科技开发有限公司
Beijing Sensetime Technology Development Co., Ltd.: 北京商汤科技开发有限公司
CloudWalk Technology: 云从科技
Cambricon Technologies Corporation Limited: 中科寒武纪科技股份有限公司
Chengdu Haiguang Integrated Circuit: 成都海光集成电路设计有限公司
Beijing Naura Microelectronics Equipment Co., Ltd.: 北京北方华创微电子装备有限公司
FiberHome Technologies Group: 烽火科技集团
China Electronics Technology Group Corporation 14th Research Institute (CETC 14): 中国电子科技集团公司第十四研究所
China Electronics Technology Group Corporation 38th Research Institute (CETC 38): 中国电子科技集团公司第三十八研究所
China Electronics Technology Group Corporation 55th Research Institute (CETC55): 中国电子科技集团公司第五十五研究所
Chinese Academy of Engineering Physics: 中国工程物理研究院
Chinese Academy of Sciences Institute of Computing Technology: 中国科学院计算技术研究所
Chinese Academy of Sciences Institute of Microelectronics: 中国科学院微电子研究所
Chinese Academy of Sciences, Institute of Physics: 中国科学院物理研究所
National Supercomputing Center Tianjin (NSCC-TJ): 国家超级计算天津中心
Beijing Academy of Quantum Information Sciences: 北京量子信息科学研究院
Changsha Jingjia Microelectronics Co., Ltd.: 长沙景嘉微电子股份有限公司
Shaanxi Changling Electronic Technology Co., Ltd.: 陕西长岭电子科技有限责任公司
Hefei Meiling Co. Ltd.: 合肥美菱股份有限公司
Guangzhou Tianhaixiang Aviation Technology Co., Ltd.: 广州天海翔航空科技有限公司
Shenzhen Institute of Quantum Science and Engineering: 深圳量子科学与工程研究院
Hami Municipality Public Security Bureau: 哈密市公安局
Dalian Ligong Safety Equipment Company Limited: 大连理工安全装备有限公司
Shenyang Tuojing Technology Co., Ltd.: 沈阳拓荆科技有限公司
Shenzhen Hua'antai Intelligent Technology Co., Ltd.: 深圳华安泰智能科技有限公司
Hangzhou Hualan Microelectronics Co., Ltd.: 杭州华澜微电子股份有限公司
Tianjin Phytium Information Technology: 天津飞腾信息技术有限公司
`
  .trim()
  .split('\n')
  .map(parse);

export const IN_CYRILLIC: readonly (readonly [listed: string, cyrillic: string])[] = `
Gazprom Neft: Газпром нефть
NPP Istok: НПП Исток
Milandr EK OOO: ООО Миландр ЭК
Joint Stock Company Angstrem: АО Ангстрем
PJSC Mikron: ПАО Микрон
Kalashnikov Concern: Концерн Калашников
Almaz-Antey Corp: Алмаз-Антей
OJSC Sovfracht: ОАО Совфрахт
Media-Invest OOO: ООО Медиа-Инвест
Oboronlogistika, OOO: ООО Оборонлогистика
AO Rubin: АО Рубин
Closed Joint Stock Company Turborus: ЗАО Турборус
Joint Stock Company Gorizont: АО Горизонт
Joint Stock Company Eirburg: АО Эйрбург
Gazprom Dobycha Urengoi, OOO: ООО Газпром добыча Уренгой
Gazprom Transgaz Makhachkala, OOO: ООО Газпром трансгаз Махачкала
Gazprom Tsentrremont, OOO: ООО Газпром центрремонт
NPO Etalon: НПО Эталон
Anton Khramov: Антон Храмов
Dmitry Kochanov: Дмитрий Кочанов
Alexander Georgievich Mallabiu: Александр Георгиевич Маллабиу
Ilias Kharesovich Sabirov: Ильяс Харесович Сабиров
Lyudmila V Talyanova: Людмила В. Талянова
Olga V Bobrikova: Ольга В. Бобрикова
Techpribor: Техприбор
NM-Tekh: НМ-Тех
OKB Temp: ОКБ Темп
Abris: Абрис
Irkutsk Aviation Plant: Иркутский авиационный завод
`
  .trim()
  .split('\n')
  .map(parse);

/** Firms and bodies that are on no list, whose names are near some that are. */
export const UNLISTED: readonly string[] = `
Samsung Electronics Co., Ltd.; Siemens AG; Toyota Motor Corporation; Beijing Tongrentang Co., Ltd.; Tsinghua University;
Harbin Beer Group; Pakistan International Airlines; Zhejiang Geely Holding Group Co., Ltd.; Moscow State University;
Shanghai Electric Group Co., Ltd.; Haier Electronics Group; Shenzhen Airlines; Bank of Beijing; Nanjing Iron and Steel;
Hangzhou Wahaha Group; Tsingtao Brewery Co., Ltd.; Gree Electric Appliances; Midea Group Co., Ltd.; Foxconn Technology Group;
Taiwan Mobile Co., Ltd.; Hong Kong Broadband Network; Istanbul Technical University; Singapore Technologies Engineering;
Delta Air Lines; Omega Engineering Inc.; Polaris Industries; Sigma Designs; Texas Instruments; Infineon Technologies AG;
Wuhan Textile University; Sichuan Normal University; Harbin Normal University; Beijing Sport University; Bosch Rexroth AG;
Beijing Language and Culture University; Nanjing Medical University; China Southern Airlines; China Merchants Bank;
Guangzhou Pharmaceutical Holdings; Xi'an International University; Emirates Telecommunications Group; Gulf Air;
Mahan Foods LLC; Pars Khodro; Karachi Electric; Lahore University of Management Sciences; Ural Airlines; Kazan Federal University;
Novosibirsk State Conservatory; Huaxin Cement Co., Ltd.; Huatai Securities Co., Ltd.; Hualian Supermarket; Sinopharm Group;
Dahe Packaging Co., Ltd.; Inspire Brands; Megvale Software; Senseonics Holdings; Cambria Company LLC; Sugarcane Trading LLC
`
  .trim()
  .split(/;\s*/u);

function parse(row: string): readonly [string, string] {
  const at = row.lastIndexOf(': ');
  return [row.slice(0, at), row.slice(at + 2)];
}
