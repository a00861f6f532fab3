/**
 * Places that stand in names of firms, in simplified characters. They are printed as their pinyin, so that all
 * this tells is where the word ends: 杭州海康威视 is of Hangzhou.
 */
export const CHINESE_PLACES: ReadonlySet<string> = new Set(
  `中国 北京 上海 天津 重庆 广州 深圳 杭州 南京 武汉 成都 西安 苏州 无锡 合肥 长沙 长春 沈阳 大连 青岛 济南 宁波 厦门 福州
  珠海 东莞 佛山 昆山 昆明 太原 郑州 南昌 南宁 贵阳 兰州 包头 洛阳 绵阳 常州 南通 芜湖 徐州 扬州 镇江 河北 河南 湖北 湖南
  山东 四川 云南 贵州 广东 广西 海南 福建 江西 江苏 浙江 安徽 辽宁 吉林 黑龙江 甘肃 青海 宁夏 新疆 华东 华北 华南 西北
  西南 东北 石家庄 唐山 保定 廊坊 秦皇岛 邯郸 大同 鞍山 抚顺 锦州 辽阳 大庆 常熟 张家港 江阴 宜兴 泰州 盐城 淮安 连云港
  嘉兴 湖州 绍兴 金华 台州 温州 舟山 义乌 蚌埠 马鞍山 泉州 漳州 莆田 九江 景德镇 赣州 淄博 烟台 潍坊 威海 济宁 临沂
  德州 开封 新乡 南阳 宜昌 襄阳 荆州 株洲 湘潭 衡阳 岳阳 惠州 江门 汕头 湛江 肇庆 桂林 柳州 海口 三亚 德阳 宜宾 泸州
  自贡 遵义 曲靖 宝鸡 咸阳 汉中 天水 西宁 银川 雄安 浦东 临港 张江 前海 宁德 宿迁 濮阳 江南 华中 华西 和田 哈密 塔城
  昌吉 石河子 五家渠 图木舒克 巴音郭楞 博尔塔拉 克孜勒苏 鄯善`.split(/\s+/u),
);

/** Places whose English name is not their pinyin. */
export const CHINESE_PLACE_NAMES: Readonly<Record<string, string>> = {
  香港: 'Hong Kong',
  澳门: 'Macau',
  台湾: 'Taiwan',
  台北: 'Taipei',
  新疆: 'Xinjiang',
  西藏: 'Tibet',
  内蒙古: 'Inner Mongolia',
  哈尔滨: 'Harbin',
  乌鲁木齐: 'Urumqi',
  陕西: 'Shaanxi',
  // With its tones: without them it would be the pinyin of 陕西 too.
  山西: 'Shan1xi1',
  长江: 'Yangtze',
  俄罗斯: 'Russia',
  美国: 'USA',
  日本: 'Japan',
  德国: 'Germany',
  新加坡: 'Singapore',
  亚洲: 'Asia',
  太平洋: 'Pacific',
  亚太: 'Asia Pacific',
  喀什: 'Kashgar',
  阿克苏: 'Aksu',
  阿勒泰: 'Altay',
  克拉玛依: 'Kelamayi',
  吐鲁番: 'Turfan',
  伊犁: 'Yili',
  乌兰察布: 'Ulanqab',
  呼和浩特: 'Hohhot',
  鄂尔多斯: 'Ordos',
  齐齐哈尔: 'Qiqihar',
  拉萨: 'Lhasa',
  新竹: 'Hsinchu',
  高雄: 'Kaohsiung',
  台中: 'Taichung',
  台南: 'Tainan',
  九龙: 'Kowloon',
  欧洲: 'Europe',
  英国: 'British',
  法国: 'France',
  韩国: 'Korea',
  印度: 'India',
  马来西亚: 'Malaysia',
  长三角: 'Yangtze River Delta',
};
