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
Huawei Device Co., Ltd.: 华为终端有限公司
Huawei Device (Dongguan) Co., Ltd.: 华为终端（东莞）有限公司
Huawei Device (Shenzhen) Co., Ltd.: 华为终端（深圳）有限公司
Huawei Software Technologies Co., Ltd.: 华为软件技术有限公司
Huawei Technical Service Co., Ltd.: 华为技术服务有限公司
Huawei Machine Co., Ltd.: 华为机器有限公司
Huawei Cloud Computing Technology: 华为云计算技术有限公司
Beijing Huawei Digital Technologies Co., Ltd.: 北京华为数字技术有限公司
Hangzhou Huawei Digital Technology Co., Ltd.: 杭州华为数字技术有限公司
Chengdu Huawei Technologies Co., Ltd.: 成都华为技术有限公司
Xi'an Huawei Technologies Co., Ltd.: 西安华为技术有限公司
Wuhan Huawei Investment Co., Ltd.: 武汉华为投资有限公司
Suzhou Huawei Investment Co., Ltd.: 苏州华为投资有限公司
Shenzhen Huawei Training School Co., Ltd.: 深圳市华为培训学院有限公司
HiSilicon Optoelectronics Co., Ltd.: 海思光电子有限公司
Shanghai HiSilicon Technologies Co., Ltd.: 上海海思技术有限公司
Yangtze Memory Technologies Co., Ltd.: 长江存储科技有限责任公司
Yitu Technologies: 依图科技
Megvii Technology: 旷视科技
Xiamen Meiya Pico Information Co. Ltd.: 厦门市美亚柏科信息股份有限公司
Wingtech Technology Co., Ltd.: 闻泰科技股份有限公司
Wise Road Capital: 智路资本
Shanghai Micro Electronics Equipment (Group) Co., Ltd.: 上海微电子装备（集团）股份有限公司
Semiconductor Manufacturing International Corporation (SMIC): 中芯国际集成电路制造有限公司
Semiconductor Manufacturing International (Beijing) Corporation: 中芯国际集成电路制造（北京）有限公司
Semiconductor Manufacturing International (Tianjin) Corporation: 中芯国际集成电路制造（天津）有限公司
Semiconductor Manufacturing International (Shenzhen) Corporation: 中芯国际集成电路制造（深圳）有限公司
Semiconductor Manufacturing South China Corporation: 中芯南方集成电路制造有限公司
Ningbo Semiconductor International Corporation (NSI): 中芯集成电路（宁波）有限公司
Fujian Jinhua Integrated Circuit Company, Ltd.: 福建省晋华集成电路有限公司
Qihoo 360 Technology Company: 奇虎360科技有限公司
National University of Defense Technology (NUDT): 国防科技大学
Tianjin University: 天津大学
University of Science and Technology of China: 中国科学技术大学
Luoyang Institute of Science and Technology: 洛阳理工学院
National Supercomputing Center Shenzhen: 国家超级计算深圳中心
National Supercomputing Center Wuxi: 国家超级计算无锡中心
National Supercomputing Center Changsha (NSCC-CS): 国家超级计算长沙中心
Wuxi Jiangnan Institute of Computing Technology: 无锡江南计算技术研究所
Suzhou Keda Technology Co., Ltd.: 苏州科达科技股份有限公司
Suzhou Centec Communications Co., Ltd.: 苏州盛科通信股份有限公司
Hunan Goke Microelectronics: 湖南国科微电子股份有限公司
Beijing BDStar Navigation Co., Ltd.: 北京北斗星通导航技术股份有限公司
Beijing UniStrong Science & Technology Co., Ltd.: 北京合众思壮科技股份有限公司
Beijing Highlander Digital Technology Co. Ltd: 北京海兰信数据科技股份有限公司
Beijing Huafeng Test & Control Technology Co., Ltd.: 北京华峰测控技术股份有限公司
Beijing Huada Jiutian Technology Co., Ltd.: 北京华大九天科技股份有限公司
Beijing Leike Defense Technology Co., Ltd.: 北京雷科防务科技有限公司
Beijing Computational Science Research Center: 北京计算科学研究中心
Beijing Lingxin Intelligent Technology Co., Ltd.: 北京聆心智能科技有限公司
Beijing E-Town Semiconductor Technology Co., Ltd.: 北京屹唐半导体科技股份有限公司
Xinjiang Daqo New Energy, Co. Ltd.: 新疆大全新能源股份有限公司
Xinjiang East Hope Nonferrous Metals Co. Ltd.: 新疆东方希望有色金属有限公司
Xinjiang GCL New Energy Material Technology, Co. Ltd.: 新疆协鑫新能源材料科技有限公司
Hoshine Silicon Industry (Shanshan) Co., Ltd.: 合盛硅业（鄯善）有限公司
Xinjiang Production and Construction Corps (XPCC): 新疆生产建设兵团
Xinjiang Police College: 新疆警察学院
Urumqi Municipal Public Security Bureau: 乌鲁木齐市公安局
Kashgar Prefecture Public Security Bureau: 喀什地区公安局
Kelamayi Municipality Public Security Bureau: 克拉玛依市公安局
Hetian Prefecture Public Security Bureau: 和田地区公安局
Changji Hui Autonomous Prefecture Public Security Bureau: 昌吉回族自治州公安局
Shihezi Municipality Public Security Bureau: 石河子市公安局
Turfan Municipality Public Security Bureau: 吐鲁番市公安局
Tianjin Tiandi Weiye Technologies Co., Ltd.: 天津天地伟业科技有限公司
Zhejiang Uniview Technologies Co., Ltd.: 浙江宇视科技有限公司
Wuhan Raycus Fiber Laser Technologies Co., Ltd.: 武汉锐科光纤激光技术股份有限公司
Wuhan Xinxin Semiconductor Manufacturing Company Limited: 武汉新芯集成电路制造有限公司
Wuhan Suanneng Technology Co., Ltd.: 武汉算能科技有限公司
Xiamen Sophgo Technologies Limited: 厦门算能科技有限公司
Shanghai Biren Intelligent Technology Co., Ltd.: 上海壁仞智能科技有限公司
Shanghai Cambricon Information Technology Co., Ltd.: 上海寒武纪信息科技有限公司
Cambricon (Nanjing) Information Technology Co., Ltd.: 寒武纪（南京）信息科技有限公司
Moore Thread Intelligent Technology (Beijing) Co., Ltd.: 摩尔线程智能科技（北京）有限责任公司
QuantumCTek Co., Ltd.: 科大国盾量子技术股份有限公司
Origin Quantum Computing Technology (Hefei) Co., Ltd.: 本源量子计算科技（合肥）股份有限公司
Jiangsu Hengtong Marine Cable Systems Co., Ltd.: 江苏亨通海洋光网系统有限公司
Jiangsu Hengtong Optic-Electric Co., Ltd.: 江苏亨通光电股份有限公司
Jiangsu Nata Optoelectronic Material Co., Ltd.: 江苏南大光电材料股份有限公司
Zhongtian Technology Submarine Cable Co., Ltd.: 中天科技海缆股份有限公司
Inner Mongolia First Machinery Group Co., Ltd.: 内蒙古第一机械集团有限公司
Piotech (Beijing) Co., Ltd.: 拓荆科技（北京）有限公司
Shenzhen Xinkailai Industrial Machinery Co., Ltd.: 深圳市新凯来工业机器有限公司
Shenzhen Pengxinxu Technology Co., Ltd.: 深圳市鹏新旭技术有限公司
SwaySure Technology Co., Ltd.: 昇维旭技术有限公司
Peng Cheng Laboratory: 鹏城实验室
Zhangjiang Laboratory: 张江实验室
Ji Hua Laboratory: 季华实验室
Sugon: 曙光信息产业股份有限公司
Wuxi Institute of Advanced Technology: 无锡先进技术研究院
Shanghai High-Performance Integrated Circuit Design Center: 上海高性能集成电路设计中心
Shanghai Integrated Circuit Research and Development Center: 上海集成电路研发中心有限公司
Shanghai Center for Quantum Science Research: 上海量子科学研究中心
Shanghai Institute of Optics and Fine Mechanics: 上海光学精密机械研究所
Shanghai Supercomputing Technology Co., Ltd.: 上海超算科技有限公司
Shanghai Zhichun System Integration Co., Ltd.: 上海至纯系统集成有限公司
Zhejiang Zhichun Precision Manufacturing Co., Ltd.: 浙江至纯精密制造有限公司
Shanghai Xinsheng Semiconductor Technology Co., Ltd.: 上海新昇半导体科技有限公司
Guangzhou Haige Communication Group Co., Ltd.: 广州海格通信集团股份有限公司
GEOVIS Technology Co., Ltd.: 中科星图股份有限公司
Shenyang Xinyuan Microelectronic Equipment Co., Ltd.: 沈阳芯源微电子设备股份有限公司
Hwa Tsing Technology Co., Ltd.: 华海清科股份有限公司
Naura Technology Group Co., Ltd.: 北方华创科技集团股份有限公司
Northwest Institute of Nuclear Technology in the Science Research (NINTF): 西北核技术研究所
Nanjing Institute of Astronomical Optics and Technology: 南京天文光学技术研究所
Chinese Academy of Sciences Changchun Institute of Optics, Fine Mechanics, and Physics: 中国科学院长春光学精密机械与物理研究所
Chinese Academy of Sciences' Shanghai Institute of Microsystem and Information Technology: 中国科学院上海微系统与信息技术研究所
Academy of Military Medical Sciences: 军事医学科学院
Hefei National Laboratory for Physical Sciences at Microscale: 合肥微尺度物质科学国家实验室
Xi'an Research Institute of Navigation Technology: 西安导航技术研究所
Southwest Research Institute of Electronics Technology: 西南电子技术研究所
China General Nuclear Power Group: 中国广核集团有限公司
Frontier Services Group Limited: 先丰服务集团有限公司
Poly Technologies Inc.: 保利科技有限公司
Tongfang NucTech Technology Ltd.: 同方威视技术股份有限公司
Leon Technology Co., Ltd.: 立昂技术股份有限公司
Hytera Communications Limited: 海能达通信股份有限公司
Kyland Technology Co., Ltd.: 东土科技股份有限公司
NetPosa: 东方网力科技股份有限公司
Intellifusion: 深圳云天励飞技术股份有限公司
4Paradigm Technology Co., Ltd.: 第四范式科技有限公司
Qingdao National Laboratory of Marine Science and Technology: 青岛海洋科学与技术国家实验室
Sichuan Haitian New Technology Group Co., Ltd.: 四川海天新技术集团有限公司
Chongqing Chuandong Shipbuilding Industry Co Ltd.: 重庆川东船舶重工有限责任公司
CSSC Huangpu Wenchong Shipbuilding Co., Ltd.: 中船黄埔文冲船舶有限公司
Yaguang Technology Group Co., Ltd.: 亚光科技集团股份有限公司
Zhuhai Orbita Control Systems: 珠海欧比特控制工程股份有限公司
Guowei Group (Shenzhen) Co., Ltd.: 国微集团（深圳）有限公司
Shenzhen Guowei Sensing Technology Co., Ltd.: 深圳国微感知技术有限公司
Tianjin Broadcasting Equipment Co., Ltd.: 天津广播器材有限公司
Jinan Institute of Quantum Technology: 济南量子技术研究院
Key Laboratory of Information Systems Engineering: 信息系统工程重点实验室
United Microelectronics Center Co., Ltd.: 联合微电子中心有限责任公司
New H3C Semiconductor Technologies Co., Ltd.: 新华三半导体技术有限公司
Fujian Torch Electron Technology Co., Ltd.: 福建火炬电子科技股份有限公司
Liaoyang Carbon Co., Ltd.: 辽阳炭素有限公司
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
