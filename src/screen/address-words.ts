/** Words of addresses by the spelling that stands for each row; they say what kind of thing a number counts. */
const ROWS = `
road: rd daolu lu
street: st str ulitsa ul jie ulica
avenue: ave av
boulevard: blvd bulvar
lane: ln pereulok
floor: f fl flr floors
room: rm rooms
unit: units
building: bldg block blk buildings
flat: apt apartment
suite: ste office
house: h
tower: twr
district: dist qu
city: shi
province: sheng oblast
village:
center: centre
industrial: ind
plaza: plz
number: no nr num
near: opp opposite
and: the of in at po box p.o. also
east: dong
west: xi
north: bei
south: nan
zone: park
`;

/** Word of an address → the one that stands for it, for all words that are in every second address. */
export const ADDRESS_WORDS: ReadonlyMap<string, string> = new Map(
  ROWS.trim()
    .split('\n')
    .flatMap((row) => {
      const [word, also = ''] = row.split(':') as [string, string?];
      return [word, ...also.trim().split(' ')]
        .filter((each) => each !== '')
        .map((each) => [each, word] as const);
    }),
);
