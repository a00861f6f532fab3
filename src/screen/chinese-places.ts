/**
 * Places that stand in names of firms, in simplified characters. They are printed as their pinyin, so that all
 * this tells is where the word ends: 杭州海康威视 is of Hangzhou.
 */
export const CHINESE_PLACES: ReadonlySet<string> = new Set(
  `中国 北京 上海 天津 重庆 广州 深圳 杭州 南京 武汉 成都 西安 苏州 无锡 合肥 长沙 长春 沈阳 大连 青岛 济南 宁波 厦门 福州
  珠海 东莞 佛山 昆山 昆明 太原 郑州 南昌 南宁 贵阳 兰州 包头 洛阳 绵阳 常州 南通 芜湖 徐州 扬州 镇江 河北 河南 湖北 湖南
  山东 山西 四川 云南 贵州 广东 广西 海南 福建 江西 江苏 浙江 安徽 辽宁 吉林 黑龙江 甘肃 青海 宁夏 新疆 华东 华北 华南 西北
  西南 东北`.split(/\s+/u),
);
