/**
 * Words that say what a firm does and not which firm it is. The first word stands for all of its row: spellings,
 * abbreviations, and the same word in Russian, Turkish and other transliterations and in pinyin, in plain
 * lower-case letters. A firm is rarely told from another by one of these.
 */
export const GENERIC_WORDS = `
technology: technologies technological tech tek teknoloji teknolojileri tekhnologiya tekhnologii tekhnologiy texnologiya technologie tecnologia keji jishu techno technic technics technique technical tekhnika tekhnicheskii tekhnicheski tekhnicheskiy tekhniki
science: sciences scientific sci nauchno nauchnyy nauchny nauka nauki nauk kexue
research: res issledovatelskiy issledovatelskii issledovatelski issledovatelskoe issledovanii issledovaniy arastirma
institute: inst institut instituta instituto institution institutes yanjiusuo yanjiuyuan enstitusu institucion uchrezhdenie suo
electronics: electronic elec electr electron elektronik elektronika elektronics electronica dianzi
electric: electrical elektrik elektro elektricheskiy dianqi
engineering: eng engg engr engineers engineer muhendislik inzhiniring inzheneriya gongcheng ingenieria
aviation: avia aviatsionnyy aviatsionny aviatsiya aviatsii hangkong havacilik avionics avionic
aerospace: hangtian kosmos kosmicheskiy
aircraft: airplane aeroplane samolet samolyot
bureau: byuro buro biuro
design: konstruktorskoe konstruktorskoye konstruktorskogo konstruktorsko sheji
trading: trade trades traders trader ticaret tic maoyi torgovyy torgovaya torg comercial commercial commerce dis shangmao
production: productions proizvodstvo proizvodstvennoe proizvodstvennoye proizvodstvenny proizvodstvennyy proizvodstvenno manufacturing manufacture manufacturers manufacturer mfg manufactory mfr uretim zhizao imalat
plant: zavod zavoda plants factory factories fabrika works chang werke werk gongchang
center: centre tsentr tsentra ctr zhongxin merkezi merkez zentrum centro
group: grp jituan gruppe gruppa grup groupe holding holdings hldg hldgs holdinq konggu concern kontsern konzern
state: gosudarstvennyy gosudarstvennoe gosudarstvenny gosudarstvennaya
international: intl int internatsionalnyy uluslararasi guoji internacional internationale
global: world worldwide huanqiu quanqiu
enterprise: enterprises predpriyatie predpriyatiye entreprise empresa qiye ent
information: info xinxi informatsionnyy
equipment: equip equipments oborudovanie oborudovaniya shebei zhuangbei
device: devices qijian apparatus terminal terminals zhongduan
instrument: instruments priborostroitelnyy priborostroeniya priborostroenie pribor priborov yiqi instrumentation
industry: industries industrial ind inds promyshlennyy promyshlenny promyshlennost gongye shiye sanayi industriya endustri industrie
academy: akademiya akademii academie
semiconductor: semiconductors semicon bandaoti semi poluprovodnik
system: systems sys sistem sistemy xitong sistema systemy
microelectronics: microelectronic mikroelektronika weidianzi mikroelektroniki
optoelectronics: optoelectronic guangdian optoelektronik photoelectric photoelectronics guangdianzi photonics electrooptics electrooptical
shipbuilding: sudostroitelnyy sudostroitelny sudostroenie shipyard shipyards verf chuanbo shipbuilders
ship: ships vessel vessels marine
radio: radiotekhnicheskiy
association: assoc assn obedinenie obyedineniye assotsiatsiya xiehui
building: construction constructions bau insaat stroitelnyy stroitelstvo jianshe jianzhu builders construct
university: univ universitet universiteta daxue universite universitesi
college: xueyuan kolledzh
national: natl guojia natsionalnyy nat ulusal guomin
federal: federalnoe federalnyy federalnaya
development: dev developing razvitie kaifa fazhan
service: services servis svc fuwu serv
machine: machines machinery mashinostroitelnyy mashinostroitelny jixie jiqi makina makine mechanical mechanicals mekhanicheskiy mekhanicheskii mekhanicheski jidian electromechanical mechanics
security: anquan securities safety
central: tsentralnyy tsentralnoe zhongyang
repair: remontnyy remontny remont maintenance
missile: missiles
general: gen generalnyy
solution: solutions cozumleri
logistics: logistic lojistik wuliu logistik
freight: cargo
shipping: denizcilik haiyun
material: materials materialy cailiao
innovation: innovative chuangxin
integrated: jicheng integration
circuit: circuits dianlu
computing: computer computers computation jisuanji jisuan compute supercomputing
cloud: yun
military: voennyy
space: cosmos
quantum: liangzi
precision: jingmi precise
communication: communications comm comms tongxin svyaz telecommunications telecommunication telecom telecoms iletisim haberlesme
control: controls kongzhi kontrol upravleniya
physics: fiziki physical wuli
cooperation: cooperative cooperatives coop sotrudnichestvo hezuo
protection: protective
transformation: transformer transformers
defense: defence savunma oborona guofang
management: mgmt guanli upravlyayushchaya
power: energy energetika dianli nengyuan enerji
nuclear: atomic he yadernyy
digital: shuzi tsifrovoy
intelligent: smart zhineng intelligence
automation: avtomatika avtomatizatsiya zidonghua automatic automatics automatica
laboratory: lab labs laboratories laboratoriya shiyanshi
advanced: adv
optical: optics optic optiko guangxue optika
office: ofis
experimental: opytnyy opytnoe eksperimentalnyy
oil: petroleum neft shiyou
gas: gaz
branch: filial fen
import: ithalat jinkou
export: ihracat chukou
investment: investments invest touzi yatirim investing
capital: financial finance finans jinrong
product: products produktsiya chanpin produkty
business: biznes
supply: supplies supplier suppliers snabzhenie gongying tedarik
chain: lian
chemical: chemicals chemistry khimicheskiy huaxue kimya huagong
medical: medicine yiliao medikal medi
software: ruanjian yazilim programmnoe
hardware: yingjian
network: networks wangluo net networking
data: shuju
component: components parts part accessories
organization: organisation org organisations organizations
testing: test inspection measurement measuring jiance
navigation: daohang navigatsiya
agency: agencies
committee: komitet weiyuanhui
department: dept departamento
ministry: ministerstvo bu
bank: banka yinhang banco banque
fund: funds fond
trust: trusts
partner: partners
transport: transportation tasimacilik transporte yunshu trans transportnyy
air: airlines airline airways hava kongyun
store: stores shop mall
consulting: consultancy consultants consultant danismanlik zixun
marketing: market pazarlama
textile: textiles tekstil fangzhi
steel: gangtie celik
metal: metals jinshu metall
vehicle: vehicles motor motors automotive automobile auto qiche otomotiv
engine: engines dvigatel fadongji
laser: lasers jiguang
sensor: sensors
satellite: weixing sputnik
special: spetsialnoe spetsialnyy tezhong
united: obedinennaya lianhe
municipality: municipal
new: xin novyy
high: gao
main: glavnyy
applied: yingyong application applications
community: society
foundation: vakfi jijin
project: proje projects proekt
operation: operations operating
agricultural: agriculture tarim nongye
pharmaceutical: pharmaceuticals pharma yaoye
biotechnology: biotech biological shengwu biology
environmental: environment huanbao
house: home
media: chuanmei
film: films
tourism: turizm travel
electromagnetic: 
unmanned: bespilotnye
mission: 
support: 
`;
